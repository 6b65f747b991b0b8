"""The register judged on an audit."""

from __future__ import annotations

import gc
import weakref

from iapt_audit.claims.register import on_audit
from iapt_audit.definitions import load_default
from iapt_audit.outputs.documents.audit import document
from iapt_audit.pipeline import audit_facts


def test_an_audit_has_its_claims_judged_once_however_many_outputs_show_them() -> None:
    found = audit_facts(load_default())

    assert on_audit(found) is on_audit(found)
    assert len(document(found)["claims"]) == len(on_audit(found)) > 0


def test_another_audit_has_them_judged_anew() -> None:
    one, other = audit_facts(load_default()), audit_facts(load_default())

    assert on_audit(one) is not on_audit(other)


def test_judged_claims_do_not_keep_an_audit_alive() -> None:
    found = audit_facts(load_default())
    on_audit(found)
    held = weakref.ref(found)

    del found
    gc.collect()

    assert held() is None
