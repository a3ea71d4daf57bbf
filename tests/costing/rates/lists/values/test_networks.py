"""Networks: names, descriptions of products, landlines, and networks without a name."""

import pytest

from septet.costing.rates.lists.values.networks import (
    are_complete,
    is_all_networks,
    is_landline,
    name_of_code,
    read_description,
    read_section,
)


@pytest.mark.parametrize(
    ("text", "kind", "passed_over", "network"),
    [
        ("Programmable Messaging, Outbound SMS - Germany - Vodafone", "sms", None, "Vodafone"),
        ("ANDORRA Outbound SMS - Mobiland", "sms", None, "Mobiland"),
        ("Outbound SMS – Germany – O2 - Telefónica", "sms", None, "O2 - Telefónica"),
        ("Outbound SMS - Germany", "sms", None, None),
        ("Programmable Messaging, Outbound MMS - Canada", "mms", None, None),
        ("Inbound SMS - Germany - Vodafone", "sms", "inbound", "Vodafone"),
        ("Outbound Voice - Germany", None, "not a price of messages", "Outbound Voice"),
        ("WhatsApp", None, "not a price of messages", "WhatsApp"),
        ("SMS eingehend", "sms", "inbound", None),
        ("Germany Landline", None, "landline", None),
        ("UK Mobile - Vodafone", None, None, "Vodafone"),
        ("landline", None, "landline", "landline"),
        ("mobile", None, None, "mobile"),
    ],
)
def test_descriptions(text, kind, passed_over, network):
    """A description tells what is sent, in which direction, and to which network."""
    assert read_description(text)[:3] == (kind, passed_over, network)


def test_country_of_a_description():
    """A description names its country, also one that only the row knows."""
    assert read_description("Outbound SMS - Germany - O2").country == "Germany"
    assert read_description("Outbound SMS - Gondor - O2", "gondor")[2:] == ("O2", "Gondor")


@pytest.mark.parametrize("name", ["", "All", "all networks", "Any", "*", "Default", "-"])
def test_all_networks(name):
    """Some names stand for all networks."""
    assert is_all_networks(name)


@pytest.mark.parametrize("name", ["Other", "Others", "Vodafone", "Allied"])
def test_single_networks(name):
    """Other networks are networks too."""
    assert not is_all_networks(name)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Inbound SMS", "inbound"),
        ("SMS MO prices", "inbound"),
        ("Voice", "not a price of messages"),
        ("MMS", "not a price of SMS"),
        ("Landlines", "landline"),
        ("Outbound SMS", ""),
        ("Inbound and outbound SMS", ""),
        ("SMS and MMS rates", ""),
        ("Mobile networks", ""),
        ("Prices", None),
        ("Inbound SMS are free of charge", None),
        ("Europe", None),
        ("", None),
    ],
)
def test_sections(text, reason):
    """A line of its own tells what the prices below it are for."""
    assert read_section(text) == reason


@pytest.mark.parametrize(
    ("names", "complete"),
    [
        (["10DLC", "Toll-free"], True),
        (["AT&T", "Other networks"], True),
        (["AT&T", "Verizon"], False),
        ([], False),
    ],
)
def test_complete_fees(names, complete):
    """Every message has a fee by its sender, or by its network if there is one for others."""
    assert are_complete(names) is complete


def test_landlines():
    """A name tells that a network has no mobile phones."""
    assert is_landline("Germany Landline")
    assert is_landline("DE-FIXED")
    assert not is_landline("Vodafone")


def test_networks_without_names():
    """Codes stand for a name, whatever zeros the list has lost."""
    assert name_of_code("", "1") == "01"
    assert name_of_code("262.0", "1.0") == "262-01"
    assert name_of_code("262", "1") == name_of_code("262", "01") == "262-01"
