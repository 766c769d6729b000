"""Etsy's monthly statement: sales, refunds, fees, taxes and deposits of one shop."""

from __future__ import annotations

from claimstats.loaders.spec import Export, Field

AMOUNTS = {
    "price_amount": ("Amount", ("Betrag", "Importe")),
    "fees": ("Fees & Taxes", ("Gebühren & Steuern", "Tarifas e impuestos", "Tasas e impuestos")),
    "amount": ("Net", ("Netto", "Neto")),
}

EXPORT = Export(
    name="etsy_statement",
    title="Etsy monthly statement",
    source="Etsy Shop Manager > Finances > Monthly statements > Download CSV",
    grain="one line of the payment account",
    signature=("posted_at", "line_type", "title", "currency", "fees", "amount"),
    targets=("ledger_lines", "order_lines"),
    decimal="local",
    blanks=("--",),
    fields=(
        Field("posted_at", "Date", "time", required=True, aliases=("Datum", "Fecha")),
        Field("line_type", "Type", required=True, aliases=("Art", "Tipo")),
        Field("title", "Title", aliases=("Titel", "Título", "Description")),
        Field("info", "Info", aliases=("Información",)),
        Field(
            "currency", "Currency", "currency", required=True,
            aliases=("Währung", "Moneda", "Divisa"),
        ),
        *(
            Field(name, header, "priced", required=name == "amount", aliases=aliases)
            for name, (header, aliases) in AMOUNTS.items()
        ),
        Field("tax_details", "Tax Details", aliases=("Steuerliche Angaben", "Datos fiscales")),
        Field("status", "Status"),
        Field("available_on", "Availability Date", "time", is_event=False),
    ),
    checks=tuple(
        (
            header,
            f"sign_of(r_{name}) IS NOT NULL AND NOT is_sign_of(sign_of(r_{name}), currency)",
            "its sign is not one of the currency that the row names",
        )
        for name, (header, _) in AMOUNTS.items()
    ),
)  # fmt: skip
