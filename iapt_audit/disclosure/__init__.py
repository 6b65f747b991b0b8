"""The gate: what may be told of a suppressed count. Everything that leaves the program passes it."""

from iapt_audit.disclosure.changes import newly_suppressed, publish_changes
from iapt_audit.disclosure.digests import Doubts, publish_compared, publish_inputs
from iapt_audit.disclosure.entanglement import entangled, entangled_together, mask, unprinted, unprinted_there
from iapt_audit.disclosure.exposure import publish_exposed
from iapt_audit.disclosure.gate import Private, Published, publish, publish_cells, publish_headline

__all__ = [
    "Doubts",
    "Private",
    "Published",
    "entangled",
    "entangled_together",
    "mask",
    "newly_suppressed",
    "publish",
    "publish_cells",
    "publish_changes",
    "publish_compared",
    "publish_exposed",
    "publish_headline",
    "publish_inputs",
    "unprinted",
    "unprinted_there",
]
