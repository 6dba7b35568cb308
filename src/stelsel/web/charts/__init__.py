"""The drawings: Vega-Lite made by Altair, turned into SVG that stands by itself on the page."""
