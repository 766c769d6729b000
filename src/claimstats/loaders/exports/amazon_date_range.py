"""The date-range transaction file, in each language in which it is downloaded."""

from __future__ import annotations

from collections.abc import Sequence

from claimstats.loaders.spec import Export, Field, FieldType, Privacy, normal_name

_DATES_BY_DECIMAL = {
    ".": ("date/time", "日付/時間"),
    ",": (
        "Datum/Uhrzeit", "date/heure", "Data/Ora", "fecha y hora", "datum/tijd", "datum/tid",
        "data/godzina",
    ),
    "": ("fecha/hora",),  # Mexico: the amounts show it.
}  # fmt: skip
"""The header of the date in each language, by the sign that the language writes before cents."""


def decimal_of(header: Sequence[str]) -> str | None:
    """The sign before the cents that goes with the language of a header.

    Examples
    --------
    >>> decimal_of(["Datum/Uhrzeit", "Abrechnungsnummer"]), decimal_of(["fecha/hora"])
    (',', None)
    """
    names = {normal_name(name) for name in header}
    for sign, dates in _DATES_BY_DECIMAL.items():
        if any(normal_name(date) in names for date in dates):
            return sign or None
    return None


def _field(
    name: str,
    *headers: str,
    kind: FieldType = "text",
    required: bool = False,
    privacy: Privacy = "open",
) -> Field:
    return Field(name, headers[0], kind, required, aliases=headers[1:], privacy=privacy)


def _money(name: str, *headers: str) -> Field:
    return _field(name, *headers, kind="money")


PRICE = (
    _money(
        "product_sales", "product sales", "Umsätze", "ventes de produits", "Vendite",
        "ventas de productos", "商品売上", "verkoop van producten", "försäljning av produkter",
        "sprzedaż produktów",
    ),
    _money(
        "product_sales_tax", "product sales tax", "Produktumsatzsteuer",
        "Taxes sur la vente des produits", "imposta sulle vendite dei prodotti",
        "impuesto de ventas de productos", "商品の売上税",
    ),
    _money(
        "shipping", "shipping credits", "postage credits", "Gutschrift für Versandkosten",
        "crédits d'expédition", "Accrediti per le spedizioni", "abonos de envío",
        "créditos de envío", "配送料", "Verzendtegoeden", "fraktkrediter",
        "noty kredytowe za wysyłkę",
    ),
    _money(
        "shipping_tax", "shipping credits tax", "Steuer auf Versandgutschrift",
        "taxe sur les crédits d'expédition", "imposta accrediti per le spedizioni",
        "impuestos por abonos de envío", "impuesto de abono de envío", "配送料の税金",
    ),
    _money(
        "gift_wrap", "gift wrap credits", "giftwrap credits", "Gutschrift für Geschenkverpackung",
        "crédits sur l'emballage cadeau", "crédits d'emballage-cadeau",
        "Accrediti per confezioni regalo", "abonos de envoltorio para regalo",
        "créditos por envoltorio de regalo", "ギフト包装手数料", "kredietpunten cadeauverpakking",
        "krediter för presentinslagning", "środki na pokrycie pakowania na prezent",
    ),
    _money(
        "gift_wrap_tax", "giftwrap credits tax", "Steuer auf Geschenkverpackungsgutschriften",
        "Taxes sur les crédits cadeaux", "imposta sui crediti confezione regalo",
        "impuestos por abonos de envoltorio para regalo", "impuesto de créditos de envoltura",
        "ギフト包装クレジットの税金",
    ),
    _money(
        "promotions", "promotional rebates", "Rabatte aus Werbeaktionen", "Rabais promotionnels",
        "Total des réductions", "Sconti promozionali", "devoluciones promocionales",
        "descuentos promocionales", "プロモーション割引額", "promotiekortingen", "kampanjrabatter",
        "rabaty promocyjne",
    ),
    _money(
        "promotions_tax", "promotional rebates tax", "Steuer auf Aktionsrabatte",
        "Taxes sur les remises promotionnelles", "imposta sugli sconti promozionali",
        "impuestos de descuentos por promociones", "impuesto de reembolsos promocionales",
        "プロモーション割引の税金",
    ),
    _money(
        "sales_tax", "sales tax collected", "Total sales tax liable(GST before adjusting TCS)",
        "taxe de ventes prélevée", "geïnde omzetbelasting", "Inkasserad moms",
        "pobrany podatek od sprzedaży",
    ),
)  # fmt: skip
"""What the buyer pays, and its taxes."""

CHARGES = (
    _money("regulatory_fee", "Regulatory Fee", "Tarifa reglamentaria"),
    _money(
        "regulatory_fee_tax", "Tax On Regulatory Fee", "Impuesto sobre tarifa reglamentaria",
    ),
    _money("points", "Amazonポイントの費用"),
    _money(
        "withheld_tax", "marketplace withheld tax", "Marketplace Facilitator Tax",
        "Einbehaltene Steuer auf Marketplace", "Taxes retenues sur le site de vente",
        "Taxe Marketplace Facilitator", "trattenuta IVA del marketplace",
        "impuesto retenido en el sitio web", "impuesto de retenciones en la plataforma",
        "源泉徴収税を伴うマーケットプレイス", "Belasting voor marketplace-facilitator",
        "Skatt för marknadsplatsförmedlare", "Podatek od transakcji Marketplace Facilitator",
    ),
    _money("tcs_cgst", "TCS-CGST"),
    _money("tcs_sgst", "TCS-SGST"),
    _money("tcs_igst", "TCS-IGST"),
    _money("tds", "TDS (Section 194-O)"),
    _money(
        "selling_fees", "selling fees", "Verkaufsgebühren", "frais de vente",
        "Commissioni di vendita", "tarifas de venta", "手数料", "verkoopkosten",
        "försäljningsavgifter", "opłaty za sprzedaż",
    ),
    _money(
        "fba_fees", "fba fees", "fulfilment by amazon fees", "Gebühren zu Versand durch Amazon",
        "Frais Expédié par Amazon", "Frais pour le service Expédié par Amazon",
        "Costi del servizio Logistica di Amazon", "tarifas de Logística de Amazon", "tarifas fba",
        "FBA 手数料", "fba-vergoedingen", "fba-avgifter", "opłaty za fba",
    ),
    _money(
        "other_fees", "other transaction fees", "Andere Transaktionsgebühren",
        "autres frais de transaction", "Altri costi relativi alle transazioni",
        "tarifas de otras transacciones", "tarifas de otra transacción",
        "トランザクションに関するその他の手数料", "overige transactiekosten",
        "övriga transaktionsavgifter", "inne opłaty transakcyjne",
    ),
    _money(
        "other_amount", "other", "Andere", "autre", "autres", "Altro", "otro", "その他", "overige",
        "övrigt", "inne",
    ),
)  # fmt: skip
"""What the venue charges, withholds or pays."""

PERSONAL = (
    _field(
        "order_city", "order city", "Ort der Bestellung", "ville d'où provient la commande",
        "Città di provenienza dell'ordine", "ciudad de procedencia del pedido",
        "ciudad del pedido", "市町村", "stad för beställning", "miejscowość zamówienia",
        privacy="personal",
    ),
    _field(
        "order_state", "order state", "Bundesland", "Région d'où provient la commande",
        "Provincia di provenienza dell'ordine", "comunidad autónoma de procedencia del pedido",
        "estado del pedido", "都道府県", "delstat för beställning", "stan zamówienia",
        privacy="personal",
    ),
    _field(
        "order_postal", "order postal", "Postleitzahl", "code postal de la commande",
        "CAP dell'ordine", "código postal de procedencia del pedido", "código postal del pedido",
        "郵便番号", "postadress för beställning", "przekaz pocztowy",
        privacy="personal",
    ),
)  # fmt: skip

EXPORT = Export(
    name="amazon_date_range",
    title="Date range report: transactions (transaction view of the payments repository)",
    source="Seller Central > Payments > Reports Repository > Transaction",
    grain="one transaction",
    signature=("occurred_at", "settlement_id", "line_type", "order_id", "total"),
    targets=("ledger_lines",),
    decimal="local",
    decimal_of=decimal_of,
    not_rows=(
        (
            "deferred: counted when they are released",
            "(SELECT s.is_deferred FROM transaction_states AS s "
            "WHERE s.word = plain_word(r_transaction_status))",
        ),
    ),
    keeps_unknown=False,  # Dutch names of the address columns are not known, and more may follow.
    fields=(
        _field(
            "occurred_at", *(date for dates in _DATES_BY_DECIMAL.values() for date in dates),
            kind="time", required=True,
        ),
        _field(
            "settlement_id", "settlement id", "Abrechnungsnummer", "numéro de versement",
            "identifiant du paiement", "Numero pagamento", "identificador de pago",
            "Id. de liquidación", "決済番号", "schikkings-ID", "reglerings-id",
            "identyfikator rozliczenia", kind="id",
        ),
        _field("line_type", "type", "Typ", "Tipo", "トランザクションの種類"),
        _field(
            "order_id", "order id", "Bestellnummer", "numéro de la commande", "numéro commande",
            "Numero ordine", "número de pedido", "Id. del pedido", "注文番号", "bestelnummer",
            "beställnings-id", "identyfikator zamówienia", kind="id",
        ),
        _field("sku", "sku", kind="id"),
        _field(
            "description", "description", "Beschreibung", "Descrizione", "descripción", "説明",
            "beschrijving", "beskrivning", "opis",
        ),
        _field(
            "quantity", "quantity", "Menge", "quantité", "Quantità", "cantidad", "数量", "aantal",
            "antal", "ilość", kind="integer",
        ),
        _field(
            "marketplace", "marketplace", "site de vente", "web de Amazon", "Amazon 出品サービス",
            "rynek", "marknadsplats",
        ),
        _field("account_type", "account type"),
        _field(
            "fulfilment", "fulfillment", "fulfilment", "Versand", "traitement", "expédition",
            "Gestione", "gestión logística", "cumplimiento", "フルフィルメント", "realizacja",
            "leverans",
        ),
        _field(
            "tax_model", "tax collection model", "Steuererhebungsmodell",
            "modèle de perception des taxes", "modello di riscossione delle imposte",
            "Formulario de recaudación de impuestos", "modelo de recaudación de impuestos",
            "税金徴収型",
        ),
        *PERSONAL,
        *PRICE,
        *CHARGES,
        _field(
            "total", "total", "Gesamt", "totale", "合計", "totaal", "totalt", "suma", "summe",
            kind="money", required=True,
        ),
        _field(
            "transaction_status", "Transaction Status", "Transaktionsstatus",
            "statut de la transaction", "estado de la transacción", "stato della transazione",
            "トランザクションのステータス", "Transactiestatus", "status transakcji",
        ),
        _field(
            "released_at", "Transaction Release Date", "Freigabedatum der Transaktion",
            "date de sortie de la transaction", "date de délivrance de la transaction",
            "fecha de liberación de la transacción", "data di rilascio della transazione",
            "トランザクション開始日", "Publicatiedatum van transactie",
            "transaktionens utgivningsdatum", "data zrealizowania transakcji",
        ),
    ),
)  # fmt: skip
