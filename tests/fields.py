"""Who sees which field of somebody else's things: role × field, over every page, export and API.

tests/things.py plants a word into each field, and tests/test_fields.py looks who is shown it. An
expert, who is under review, comes to FR (`other`) and was only asked by UA (`own`); somebody else
was refused. A field that is added to an answer of the API without a row here fails the tests.

    +  shown with its value       0  there, but null       -  never shown
"""

from tests.matrix import ROLES

# `themself` is the expert, `refused` the refused one; `link` whoever holds one of the signed links.
PEOPLE = (*ROLES, "themself", "refused", "link")
# fmt: off
FIELDS: dict[str, str] = {
    # nobody own other duty_officer vetter admin auditor expert themself refused link
    "expert.name":            "- - + + + - + - + - +",
    "expert.email":           "- - - + + - + - + - -",
    "expert.phone":           "- - + + + - + - + - -",
    "expert.base":            "- - - + + - + - + - -",
    "expert.evidence":        "- - - + + - + - - - -",
    "expert.position":        "- - - + + - + - + - -",
    "absence.reason":         "- - - + + - + - + - +",
    "step.evidence":          "- - - - + - + - - - -",
    "step.comment":           "- - - - + - + - - - -",
    "case.declared":          "- - - - + - + - + - -",
    "referee.name":           "- - - - + - + - + - -",
    "referee.email":          "- - - - + - + - + - -",
    "referee.answers":        "- - - - + - + - - - -",
    "paper.name":             "- - - - + - + - + - -",
    "refused.name":           "- - - + + - + - - + -",
    "refused.email":          "- - - + + - + - - + -",
    "refused.reasons":        "- - - - + - + - - + +",
    "refused.comment":        "- - - - + - + - - - -",
    "draft.answers":          "- - - - - - - - - - +",
    "crisis.summary":         "- + - + - - + - + - +",
    "crisis.contact_name":    "- + - + - - + - - - -",
    "crisis.contact_phone":   "- + - + - - + - - - -",
    "crisis.distance":        "- - - + - + + - + - -",
    "account.name":           "- - - - - + + - - - -",
    "account.email":          "- - - - - + + - - - -",
    "account.phone":          "- - - - - + + - - - -",
    "expert.public_id":       "- - + + + + + - + - -",
}
API_PEOPLE = ("own", "other", "duty_officer", "vetter", "auditor", "themself")
# Below these names stand keys that are data, or the words of one event: no field is looked for.
KEYED = {"name", "seat", "office_name", "counts", "detail", "timeline", "skills"}
API_FIELDS: dict[str, dict[str, str]] = {
    # own other duty_officer vetter auditor themself
    "GET api.list_candidates": {
        "- - + - + -": (
            "candidates.asked candidates.distance_km candidates.expert "
            "candidates.facts.base candidates.facts.country candidates.facts.languages "
            "candidates.facts.lat candidates.facts.load candidates.facts.lon "
            "candidates.facts.max_missions candidates.facts.modes candidates.facts.name "
            "candidates.facts.region candidates.facts.skills candidates.facts.time_zone "
            "candidates.rank excluded.counts excluded.nearest.detail "
            "excluded.nearest.distance_km excluded.nearest.expert excluded.nearest.name "
            "excluded.nearest.reason excluded.nearest.sentence"
        ),
    },
    "GET api.list_crises": {
        "+ + + - + -": (
            "crises.exercise crises.filed_at crises.kind crises.number crises.office "
            "crises.ref crises.severity crises.slots crises.status crises.summary page "
            "per_page total"
        ),
        "0 0 0 - 0 -": "next",
    },
    "GET api.list_experts": {
        "- - + + + +": (
            "experts.available experts.base experts.country experts.id "
            "experts.languages experts.max_missions experts.modes experts.name "
            "experts.region experts.skills experts.status experts.valid_until page "
            "per_page total"
        ),
        "- - 0 0 0 0": "next",
    },
    "GET api.list_offices": {
        "+ + + + + -": (
            "offices.code offices.kind offices.languages offices.lat offices.lon "
            "offices.name offices.office_name offices.region offices.seat "
            "offices.time_zone total"
        ),
    },
    "GET api.show_coverage": {
        "- - + + + -": (
            "kinds.deployable_now kinds.expiring_90_days kinds.kind kinds.qualified "
            "kinds.skill languages.deployable_now languages.expiring_90_days "
            "languages.language languages.qualified regions.deployable_now "
            "regions.expiring_90_days regions.qualified regions.region"
        ),
    },
    "GET api.show_crisis": {
        "+ + + - + -": (
            "contact_email contact_name contact_phone exercise experts_needed filed_at "
            "kind languages lat local_experts_safe lon mode number offers.channel "
            "offers.deadline offers.delivery offers.distance_band offers.id offers.rank "
            "offers.status offers.wave office place ref severity slots status summary "
            "timeline"
        ),
        "- + + - + -": (
            "missions.accepted_at missions.expert missions.id missions.name "
            "missions.phone missions.slot missions.status"
        ),
        "- 0 0 - 0 -": "missions.ended_at",
        "0 + + - + -": "offers.answered_at offers.expert",
        "0 0 + - + -": "offers.distance_km",
        "0 0 0 - 0 -": (
            "affected_radius_km confirmed_at ended_at offers.sent_at "
            "time_to_first_offer_s"
        ),
    },
}
# fmt: on
