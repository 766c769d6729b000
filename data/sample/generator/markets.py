"""The three marketplaces: what is sold there, where it goes, and how money is written."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Product:
    """An article of the range; ``price`` is in the smallest unit of the currency."""

    sku: str
    asin: str
    fnsku: str
    name: str
    price: int


@dataclass(frozen=True)
class Place:
    """Where a parcel goes, no closer than a town."""

    city: str
    state: str
    postal_code: str


@dataclass(frozen=True)
class Market:
    """One marketplace; money is counted in the smallest unit of its currency."""

    code: str
    site: str
    currency: str
    decimals: int
    tax_percent: int
    tax_is_included: bool
    carriers: tuple[str, ...]
    places: tuple[Place, ...]
    products: tuple[Product, ...] = field(repr=False)

    def money(self, amount: int) -> str:
        """Write an amount as the tracker does: ``24.90``, ``2480``."""
        if self.decimals == 0:
            return str(amount)
        return f"{amount / 10**self.decimals:.{self.decimals}f}"

    def export_money(self, amount: int) -> str:
        """Write an amount as Amazon does: ``24.9``, ``25.0``, ``2480.0``."""
        return str(amount / 10**self.decimals)


def _products(code: str, articles: str, prices: str) -> tuple[Product, ...]:
    names = articles.strip().splitlines()
    return tuple(
        Product(
            sku=f"{code}-{101 + i}",
            asin=f"B0C{code}{10007 + 7919 * i % 90000}",
            fnsku=f"X00{code}{20011 + 6271 * i % 80000}",
            name=name.strip(),
            price=int(price),
        )
        for i, (name, price) in enumerate(zip(names, prices.split(), strict=True))
    )


def _places(towns: str) -> tuple[Place, ...]:
    rows = (line.strip().split("|") for line in towns.strip().splitlines())
    return tuple(Place(*row) for row in rows)


US = Market(
    code="US",
    site="Amazon.com",
    currency="USD",
    decimals=2,
    tax_percent=8,
    tax_is_included=False,
    carriers=("UPS", "FedEx", "USPS"),
    places=_places(
        """
        Austin|TX|78701
        Boise|ID|83702
        Chicago|IL|60614
        Denver|CO|80202
        Mobile|AL|36602
        Portland|OR|97205
        Tampa|FL|33602
        Tulsa|OK|74103
        """
    ),
    products=_products(
        "US",
        """
        Monitor stand, 27" wide, oak
        Chef's knife, 8"
        Cast iron pan 10"
        Camping lantern, USB
        Kids' backpack, blue
        Crème brûlée torch
        Yoga mat 6 mm
        Steel bottle 25 oz
        Dog's leash, 5 ft
        Tablet sleeve 11"
        Bike pump with gauge
        Wall clock 12", silent
        Wireless doorbell
        Label printer
        Noise cancelling headphones
        Electric kettle 1.7 l
        Café press 34 oz
        Baby monitor with camera
        """,
        """
        4999 3450 2999 2195 3250 4200 2600 1899 1299
        1750 2450 2299 5999 12900 17900 3999 2149 8995
        """,
    ),
)

DE = Market(
    code="DE",
    site="Amazon.de",
    currency="EUR",
    decimals=2,
    tax_percent=19,
    tax_is_included=True,
    carriers=("DHL", "UPS"),
    places=_places(
        """
        Köln||50667
        München||80331
        Lübeck||23552
        Dresden||01067
        Nürnberg||90402
        Gießen||35390
        """
    ),
    products=_products(
        "DE",
        """
        Küchenmesser, 20 cm
        Türstopper (4 Stück)
        Wäschekorb, weiß
        Bildschirmhalter 27"
        Kaffeemühle, elektrisch
        Gießkanne 5 l
        Hängematte für zwei
        Schlüsselbrett aus Öl-Eiche
        Kopfhörer, kabellos
        Babyphone mit Kamera
        Fußmatte 60 x 40 cm
        Käsereibe "Fein"
        Brotkasten d'Oro
        Etikettendrucker
        """,
        "2990 1295 2450 3999 4490 1890 5495 2650 14900 8490 1999 1550 3350 11900",
    ),
)

JP = Market(
    code="JP",
    site="Amazon.co.jp",
    currency="JPY",
    decimals=0,
    tax_percent=10,
    tax_is_included=True,
    carriers=("Yamato",),
    places=_places(
        """
        千代田区|東京都|100-0001
        横浜市|神奈川県|220-0011
        大阪市|大阪府|530-0001
        札幌市|北海道|060-0001
        福岡市|福岡県|810-0001
        """
    ),
    products=_products(
        "JP",
        """
        ステンレス水筒 500ml
        収納ケース①
        包丁, 18cm
        キッチンタイマー
        パソコンスタンド 13"
        ワイヤレスイヤホン
        折りたたみ傘 55㌢
        デスクライト(調光)
        弁当箱 2段
        ヨガマット 6㍉
        電気ケトル 1.2L
        ラベルプリンター
        """,
        "2480 1780 5980 1280 3980 8900 2200 4500 1650 2980 5480 12800",
    ),
)

MARKETS = {market.code: market for market in (US, DE, JP)}
