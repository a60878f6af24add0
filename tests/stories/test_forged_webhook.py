"""A text that the provider did not sign changes nothing."""

from tests.stories.story import Story


def test_a_forged_yes_is_refused(story: Story) -> None:
    (near,) = story.experts("near")
    case = story.crisis()
    code = near.expect_text().code
    fields = {"MessageSid": "SM" + "0" * 32, "From": near.number, "To": "+15005550006",
              "Body": f"1 {code}"}  # fmt: skip
    for headers in ({}, {"X-Twilio-Signature": "AAAAAAAAAAAAAAAAAAAAAAAAAAA="}):
        assert story.client.post("/twilio/sms", data=fields, headers=headers).status_code == 403
    assert (case.ladder, case.missions) == (["open"], [])
