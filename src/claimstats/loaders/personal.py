"""Which columns that no format knows may name a person: told by their names, in many languages.

What is loaded and what a mapping is proposed for go by this one rule. Formats say of their own
columns what is personal. What is left are columns a seller or a tool has added, and those a venue
adds next year. Leaving a harmless one out costs little, for the file has it and ``--keep-pii``
keeps it; storing a buyer's address costs much. So doubt means leaving out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from claimstats.loaders.spec import normal_name
from claimstats.loaders.synonyms import CJK_FROM, synonyms

WORD_INSIDE = re.compile(r"(?<=[a-z])(?=[A-Z])")
"""Where buyerName is two words."""


@dataclass(frozen=True)
class Rule:
    """Words by which a column's name tells what it holds.

    Parameters
    ----------
    what
        What such a column holds.
    anywhere
        Parts that no other word has, so that they tell wherever they stand, as in kundenemail.
    words
        Words that tell only when they stand alone, since others have them inside, as capacity has
        city.
    """

    what: str
    anywhere: tuple[str, ...]
    words: tuple[str, ...] = ()

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """A pattern that finds the rule's words in a normalised name."""
        alone = "|".join(rf"(?<!\w)(?:{word})(?!\w)" for word in self.words)
        return re.compile("|".join(filter(None, ("|".join(self.anywhere), alone))))


RULES = (
    Rule(
        "an e-mail address",
        ("email", "e mail", "courriel", "correo electr", "posta elettronica", "メール", "邮箱",
         "电子邮件"),
        ("mail", "mailadresse", "correo", "e posta"),
    ),
    Rule(
        "a telephone number",
        ("phone", "telefon", "telefoon", "téléphone", "teléfono", "telefone", "whatsapp",
         "mobilnummer", "電話", "携帯", "电话", "手机"),
        ("rufnummer", "whats ?app", "wechat", "微信", "line id", "skype", "tel", "fax", "mobile",
         "mobil", "handy", "cell", "celular", "cellulare", "portable"),
    ),
    Rule(
        "an address",
        ("address", "adress", "adres", "anschrift", "street", "straße", "strasse", "hausn",
         "house number",
         "direcci", "indirizz", "endereç", "住所", "地址"),
        ("calle", "rue", "straat", "gata", "ulica", "rua", "apartment", "ip", "latitude",
         "longitude"),
    ),
    Rule(
        "a postal code",
        ("postal", "postcode", "post code", "zip code", "zipcode", "postleitzahl", "postnummer",
         "kod pocztowy", "pincode", "pin code", "郵便番号", "邮编", "邮政编码"),
        ("zip", "plz", "cap", "cep", "cp"),
    ),
    Rule(
        "where a buyer lives",
        ("都道府県", "市町村", "市区町村", "城市", "省份"),
        ("city", "town", "county", "province", "prefecture",
         "(?:order|delivery|billing) (?:state|region)",
         "ship(?:ping)?(?: to)? (?:state|region)",
         "stadt", "ort", "wohnort", "lieferort", "versandort", "bundesland", "ville", "région",
         "citt[àa]", "provincia", "ciudad", "comunidad autónoma", "plaats", "miasto", "cidade"),
    ),
    Rule(
        "what people wrote",
        ("comment", "kommentar", "comentario", "comentário", "bemerkung", "anmerkung", "message",
         "mensaje", "messaggio", "mensagem", "nachricht", "remark", "remarque", "observac",
         "opmerking", "communication", "rebuttal", "explanation", "備考", "コメント", "备注",
         "留言", "メモ"),
        ("notes?", "notiz(?:en)?", "notas?", "memo", "bericht", "uwagi", "feedback"),
    ),
    Rule("what a shop's software noted", ("metadata",)),
    Rule(
        "an official number or an account",
        ("geburt", "birth", "passport", "national id", "iban", "steuernummer", "tax id",
         "vat number", "driver licen", "unterschrift", "fingerprint", "card number",
         "身份证"),
        ("cpf", "cnpj", "ssn", "nif", "dni", "dob", "signature", "account holder",
         "paypal account", "last ?4", "bank account(?: number)?"),
    ),
    Rule(
        "a buyer",
        ("buyer", "käufer", "kaeufer", "kunde", "kundin", "acheteur", "acquirente", "comprador",
         "kupując", "nabywc", "購入者", "购入者", "买家", "买方", "顧客", "お客様", "客户"),
        ("customer", "payer(?: id)?", "payee", "besteller(?:name)?", "nickname", "handle",
         "clientes?", "klant", "koper", "köpare", "kund", "klient", "alıcı",
         "user", "username", "login"),
    ),
    Rule(
        "a name",
        ("recipient", "receiver", "sender", "beneficiary", "absender", "consignee", "claimant",
         "cardholder", "empfänger", "empfaenger", "kontakt", "ansprechpartner",
         "destinatari", "destinatário", "destinataire", "ontvanger", "mottagare", "odbiorc",
         "surname", "vorname", "nachname", "prénom", "cognome", "apellido", "achternaam",
         "nazwisko", "受取人", "お届け先", "宛名", "氏名", "名前", "姓名", "收件人", "收货人"),
        ("names?", "attn", "(?:ship|deliver) to", "firstname", "lastname", "fullname", "contact",
         "nom", "nome", "nombre", "naam",
         "namn", "imię", "ad soyad", "(?:signed|received) by"),
    ),
    Rule(
        "who works on it",
        ("assignee", "employee", "mitarbeiter", "bearbeiter", "担当", "负责人", "处理人", "经办人"),
        ("agent", "assigned to", "owner", "handled by", "case worker", "zuständig", "responsable",
         "encargado"),
    ),
)  # fmt: skip
"""The first that fits tells what a column is said to hold."""

NO_PERSONS = re.compile(
    r"ver(?:käufer|kaeufer|sender)(?:in|s|n)?(?:name)?|(?:ur|se)kunden?|remarketing"
)
"""Words that are no persons and have a word of the rules inside: the seller, who sends parcels."""

THINGS = (
    "product|item|sku|article|file|folder|store|shop|marketplace|channel|carrier|courier|service|"
    "brand|program|campaign|promotion|sheet|country|currency|report|warehouse|category|event|plan|"
    "tax|method|manufacturer|model|variation|fee|status|reason|title|artikel|produkt|datei|"
    "seller|vendor|merchant|supplier|shipper|verkäufer|versender|"
    "fulfil?lment cent(?:er|re)"
)
THINGS_AFTER = (
    "vendeur|vendedora?|venditore|verkäufers?|versenders?|verkoper|transporteur|transportista|"
    "corriere|produit|producto|produto|prodotto|boutique|tienda|loja|negozio"
)
HARMLESS = re.compile(
    rf"(?:.* )?(?:{THINGS}) names?|(?:is|has|was) .*|address type|.*address match|"
    rf"(?:name|nom|nombre|nome|naam)(?: (?:des|du|de la|del|do|da|della|di|de|van de))? "
    rf"(?:{THINGS_AFTER})|"
    r"(?:credit|debit|delivery) notes?(?: (?:id|number|date))?|"
    r"(?:customer|client|buyer) (?:order|po|returns?|shipments?|service|concession)(?: .*)?"
)
"""Names of things and of sellers, flags, and facts about an order beside a word of the rules."""


NEVER_HARMLESS = frozenset({"an e-mail address", "a telephone number", "a postal code"})
"""What stays personal whatever thing stands beside it in the name."""

OF_PEOPLE = frozenset({"note", "actor", "direction"})
"""Columns of the trackers that tell of people, or whose names may: dirección is an address too."""


@lru_cache(maxsize=4096)
def what_it_tells(header: str) -> str | None:
    """What personal data a column of this name is taken to hold; None for a harmless name.

    Examples
    --------
    >>> what_it_tells("Buyer E-mail"), what_it_tells("PLZ"), what_it_tells("shipToName")
    ('an e-mail address', 'a postal code', 'a name')
    >>> what_it_tells("product-name"), what_it_tells("capacity"), what_it_tells("Buyer contacted")
    (None, None, None)
    >>> what_it_tells("Käufer"), what_it_tells("Verkäufer"), what_it_tells("Verkäufer-E-Mail")
    ('a buyer', None, 'an e-mail address')
    """
    names = {normal_name(header), normal_name(WORD_INSIDE.sub(" ", header))}
    # A buyer's order is a thing, and so is its number; a buyer's order's e-mail address is not.
    is_harmless = any(HARMLESS.fullmatch(name) for name in names)
    left = {_names_of_ours().sub(" ", NO_PERSONS.sub(" ", name)) for name in names}
    found = [rule.what for rule in RULES if any(rule.pattern.search(name) for name in left)]
    if is_harmless and not (set(found) & NEVER_HARMLESS):
        return None
    return next(iter(found), None)


@cache
def _names_of_ours() -> re.Pattern[str]:
    """A pattern of the trackers' columns that have a word of the rules, as contact date has.

    What such a column holds is known: a day, a reason, a file.
    """
    headers = synonyms().headers.items()
    names = {name for column, of in headers if column not in OF_PEOPLE for name in of}
    telling = [name for name in names if any(rule.pattern.search(name) for rule in RULES)]
    longest_first = sorted(telling, key=lambda name: (-len(name), name))
    return re.compile("|".join(map(_as_word, longest_first)))


def _as_word(name: str) -> str:
    escaped = re.escape(name)
    return escaped if name[0] >= CJK_FROM else rf"(?<!\w){escaped}(?!\w)"
