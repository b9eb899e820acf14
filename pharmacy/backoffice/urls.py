"""The addresses of the staff pages, inside the admin's own. They hold numbers of rows, never a name or a finding."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpResponse
from django.urls import URLPattern, path

from pharmacy.backoffice.views import (
    balances,
    batches,
    bench,
    calculators,
    check_ins,
    deviations,
    dispense,
    enquiries,
    find,
    formula_editor,
    formulas,
    label_runs,
    leaflets,
    lots,
    make,
    make_ahead,
    measuring,
    orders,
    outgoing,
    papers,
    photos,
    policies,
    queue,
    recalls,
)

Page = Callable[..., HttpResponse]


def staff_pages(site: AdminSite) -> list[URLPattern]:
    """Return the staff pages, each behind the site's sign-in."""
    return [path(address, site.admin_view(page), name=name) for address, page, name in _pages()]


def _pages() -> Iterator[tuple[str, Any, str]]:
    yield from _order_pages()
    yield from _bench_pages()
    yield from _paper_pages()
    yield from _shelf_pages()
    yield from _recall_pages()
    yield from _measuring_pages()
    yield from _follow_up_pages()
    yield "find/", find.find, "find"
    yield "calculator/", calculators.calculators, "calculators"
    yield "calculator/<slug:key>/", calculators.calculator, "calculator"


def _order_pages() -> Iterator[tuple[str, Page, str]]:
    one = "order/<int:order_id>/"
    yield one, orders.order, "order"
    yield f"{one}panel/", queue.panel, "order_panel"
    yield f"{one}approve/", orders.approve, "order_approve"
    yield f"{one}hold/", orders.hold, "order_hold"
    yield f"{one}lift/", orders.lift, "order_lift"
    yield f"{one}ask/", orders.ask, "order_ask"
    yield f"{one}answer/", orders.answer, "order_answer"
    yield f"{one}clarify/", orders.clarify, "order_clarify"
    yield f"{one}cancel/", orders.cancel, "order_cancel"
    yield f"{one}verify-prescriber/", orders.verify_prescriber, "order_verify_prescriber"
    yield f"{one}finding/<int:finding_id>/", orders.override, "order_override"
    yield f"{one}fresh-link/", orders.fresh_link, "order_fresh_link"
    yield f"{one}refill/", orders.refill, "order_refill"
    yield f"{one}dispense/", dispense.dispense, "dispense"
    yield f"{one}print/", papers.print_order, "order_print"
    yield f"{one}papers/", papers.order_papers, "order_papers"
    yield f"{one}papers/pdf/", papers.order_papers_pdf, "order_papers_pdf"


def _bench_pages() -> Iterator[tuple[str, Page, str]]:
    yield "make/", make.to_make, "to_make"
    yield "make/ahead/", make_ahead.ahead, "make_ahead"
    yield "make/stock/", make_ahead.from_stock, "fill_from_stock"
    yield "batch/", batches.batches, "batches"
    one = "batch/<int:record_id>/"
    yield one, batches.batch, "batch"
    yield f"{one}lots/", batches.lots, "batch_lots"
    yield f"{one}bench/", bench.bench, "bench"
    yield f"{one}scan/<int:line_id>/", bench.scan, "bench_scan"
    yield f"{one}weigh/<int:line_id>/", bench.record_weight, "batch_weigh"
    yield f"{one}read/<int:line_id>/", bench.take_reading, "bench_read"
    yield f"{one}reading/<int:line_id>/<int:balance_id>/", bench.reading, "bench_reading"
    yield f"{one}step/<int:position>/", bench.follow, "bench_step"
    yield f"{one}finish/", batches.finish, "batch_finish"
    yield f"{one}check/<str:kind>/", batches.check, "batch_check"
    yield f"{one}look/", batches.look, "batch_look"
    yield f"{one}deviation/", deviations.report, "batch_deviation"
    yield f"{one}photo/", photos.keep, "batch_photo"
    yield f"{one}photo/<int:photo_id>/", photos.photo, "photo"
    yield f"{one}deviation/<int:deviation_id>/", deviations.close, "deviation_close"
    yield f"{one}verify/", batches.verify, "batch_verify"
    yield f"{one}settle/", batches.settle, "batch_settle"
    yield f"{one}reject/", batches.reject, "batch_reject"
    yield f"{one}print/", batches.print_it, "batch_print"


def _paper_pages() -> Iterator[tuple[str, Page, str]]:
    one = "paper/<int:document_id>/"
    yield one, papers.paper, "paper"
    yield f"{one}open/", papers.open_paper, "paper_open"
    yield f"{one}pdf/", papers.pdf, "paper_pdf"
    yield f"{one}retry/", papers.retry, "paper_retry"
    yield "lot/<int:lot_id>/labels/", papers.lot_labels, "lot_labels"
    yield "formula/<int:formula_id>/print/", papers.print_formula, "formula_print"
    yield "labels/", label_runs.label_runs, "label_runs"
    run = "labels/<int:run_id>/"
    yield run, label_runs.label_run, "label_run"
    yield f"{run}pdf/", label_runs.label_run_pdf, "label_run_pdf"
    yield f"{run}retry/", label_runs.label_run_retry, "label_run_retry"


def _shelf_pages() -> Iterator[tuple[str, Page, str]]:
    yield "lot/", lots.lots, "lots"
    yield "lot/receive/", lots.receive, "lot_receive"
    yield "lot/minimum/", lots.minimum, "lot_minimum"
    yield "lot/<int:lot_id>/", lots.lot, "lot"
    yield "lot/<int:lot_id>/keep/", lots.keep, "lot_keep"
    yield "lot/<int:lot_id>/file/<int:file_id>/", lots.lot_file, "lot_file"
    yield "lot/<int:lot_id>/release/", lots.release, "lot_release"
    yield "lot/<int:lot_id>/measure/", lots.measure, "lot_measure"
    yield "lot/<int:lot_id>/count/", lots.count, "lot_count"
    yield "lot/<int:lot_id>/discard/", lots.discard, "lot_discard"
    yield "lot/<int:lot_id>/recall/", lots.recall, "lot_recall"
    yield "lot/<int:lot_id>/settle/", lots.settle, "lot_settle"
    yield "formula/", formulas.formulas, "formulas"
    yield "formula/<int:formula_id>/", formulas.formula, "formula"
    yield "formula/<int:formula_id>/approve/", formulas.approve, "formula_approve"
    yield "formula/<int:formula_id>/retire/", formulas.retire, "formula_retire"
    yield "formula/<int:formula_id>/draft/", formulas.draft, "formula_draft"
    yield "formula/<int:formula_id>/make/", formulas.make, "formula_make"
    yield (
        "formula/<int:formula_id>/changes/<int:other_id>/",
        formulas.changes,
        "formula_changes",
    )
    yield "formula/<int:formula_id>/edit/<slug:part>/", formula_editor.edit, "formula_edit"
    yield "leaflet/", leaflets.leaflets, "leaflets"
    yield "leaflet/draft/", leaflets.draft, "edition_draft"
    yield "leaflet/<int:edition_id>/", leaflets.edition, "edition"
    yield "leaflet/<int:edition_id>/write/", leaflets.write, "edition_write"
    yield "leaflet/<int:edition_id>/approve/", leaflets.approve, "edition_approve"
    yield "study/<int:study_id>/", leaflets.study, "study"
    yield "study/<int:study_id>/read/", leaflets.read, "study_read"
    yield "balance/<int:balance_id>/", balances.balance, "balance"
    yield "balance/<int:balance_id>/token/", balances.make_token, "balance_token"
    yield "balance/<int:balance_id>/disconnect/", balances.drop_token, "balance_disconnect"
    yield "policy/", policies.policies, "policies"
    yield "policy/<int:policy_id>/", policies.policy, "policy"
    yield "policy/<int:policy_id>/approve/", policies.approve, "policy_approve"


def _measuring_pages() -> Iterator[tuple[str, Page, str]]:
    yield "dropper/", measuring.droppers, "droppers"
    one = "balance/<int:balance_id>/"
    yield f"{one}care/", measuring.care, "balance_care"
    yield f"{one}calibrate/", measuring.calibrate, "balance_calibrate"
    yield f"{one}repeat/", measuring.repeat, "balance_repeat"


def _recall_pages() -> Iterator[tuple[str, Page, str]]:
    yield "recall/", recalls.recalls, "recalls"
    yield "recall/of/lot/<int:lot_id>/", recalls.of_lot, "recall_of_lot"
    yield "recall/of/batch/<int:record_id>/", recalls.of_batch, "recall_of_batch"
    one = "recall/<int:recall_id>/"
    yield one, recalls.recall, "recall"
    yield f"{one}approve/", recalls.approve, "recall_approve"
    yield f"{one}stop/", recalls.stop, "recall_stop"
    yield f"{one}withdraw/", recalls.withdraw, "recall_withdraw"
    yield f"{one}close/", recalls.close, "recall_close"
    yield "recall/contact/<int:contact_id>/call/", recalls.call, "recall_call"
    yield "recall/contact/<int:contact_id>/give-up/", recalls.give_up, "recall_give_up"


def _follow_up_pages() -> Iterator[tuple[str, Page, str]]:
    yield "enquiry/", enquiries.enquiries, "enquiries"
    yield "enquiry/<int:enquiry_id>/", enquiries.enquiry, "enquiry"
    yield "enquiry/<int:enquiry_id>/close/", enquiries.close, "enquiry_close"
    yield "check-in/", check_ins.check_ins, "check_ins"
    yield "check-in/<int:check_in_id>/seen/", check_ins.seen, "check_in_seen"
    yield "call/", check_ins.calls, "calls"
    yield "call/<int:call_id>/done/", check_ins.called, "call_done"
    yield "message/", outgoing.failed, "messages"
    yield "message/<int:message_id>/retry/", outgoing.retry, "message_retry"
