"""A plotly figure that never offers to send its data away.

Plotly draws a "Share chart" button on every figure unless each way of showing it says otherwise;
claim data must not leave the machine, so each way here says otherwise.
"""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import plotly.io as pio

PRIVATE_CONFIG: dict[str, Any] = {"showSendToCloud": False, "displaylogo": False}


def _private(config: dict[str, Any] | None) -> dict[str, Any]:
    return {**(config or {}), **PRIVATE_CONFIG}


class PrivateFigure(go.Figure):  # type: ignore[misc]  # plotly carries no types
    """A plotly figure whose every display has the cloud button switched off."""

    def show(self, *args: Any, config: dict[str, Any] | None = None, **options: Any) -> Any:
        """Show the figure; see :meth:`plotly.graph_objects.Figure.show`."""
        return pio.show(self, *args, config=_private(config), **options)

    def to_html(self, *args: Any, config: dict[str, Any] | None = None, **options: Any) -> str:
        """Write the figure as HTML; see :meth:`plotly.graph_objects.Figure.to_html`."""
        return str(pio.to_html(self, *args, config=_private(config), **options))

    def write_html(self, *args: Any, config: dict[str, Any] | None = None, **options: Any) -> None:
        """Write the figure to a file; see :meth:`plotly.graph_objects.Figure.write_html`."""
        pio.write_html(self, *args, config=_private(config), **options)

    def _ipython_display_(self) -> None:
        self.show()

    def _repr_mimebundle_(self, *_: Any, **__: Any) -> dict[str, Any]:
        return {"text/html": self.to_html(full_html=False)}
