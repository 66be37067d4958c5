"""The review workflow without disk or clock: what a text is (``content``), its steps (``steps``), its log (``chain``)."""
