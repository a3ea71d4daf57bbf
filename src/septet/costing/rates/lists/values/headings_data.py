"""The headings that price lists use, for `headings`: the words of each, without case and marks."""

__all__ = [
    "FEE_WORDS",
    "INBOUND_WORDS",
    "MESSAGE_WORDS",
    "NEUTRAL_WORDS",
    "OLD_PRICE_WORDS",
    "OTHER_PRODUCTS",
    "PRICE_WORDS",
    "SYNONYMS",
]

SYNONYMS = {
    "prefix": """prefix; prefixes; dial code; dial codes; dialcode; dialcodes; dialing code;
        dialling code; dialing codes; dialling codes; dial prefix; dialing prefix; dialling prefix;
        calling code; calling codes; country calling code; country dial code;
        country dialing code; country dialling code; country prefix; international prefix;
        phone code; phone prefix; phone country code; number prefix; destination prefix;
        destination prefixes; destination code; area code; area codes; code prefix; e164 prefix;
        e 164 prefix; intl code; idd; vorwahl; vorwahlen; landesvorwahl; landervorwahl; indicatif;
        indicatifs; indicatif pays; prefijo; prefijos; prefisso; landnummer; e 164; e 164 code;
        intl prefix; int vorwahl; internationale vorwahl; landerkennzahl; prefixe; prefixe pays;
        prefixe international; indicatif international; prefijo internacional; prefijo pais;
        international dialing code; international dialling code; ndc; city code;
        national destination code""",
    # Digits or letters: the cells tell.
    "code": """code; codes; country code; country codes; countrycode; cc; landercode;
        landescode; code pays; codigo de pais; codigo pais""",
    "place": "destination; destinations; destination name; place; ziel; destino",
    "iso": """iso; iso code; iso codes; iso country; iso country code; country iso; countryiso;
        country iso code; country code iso; code iso; codigo iso; iso2; iso 2; iso3;
        iso 3; iso 3166; iso 3166 1; iso 3166 1 alpha 2; iso 3166 1 alpha 3; alpha 2; alpha 3;
        alpha2; alpha3; alpha 2 code; alpha 3 code; iso alpha 2; iso alpha 3; country iso2;
        country iso3; country alpha 2; country alpha 3; iso 2 code; iso 3 code""",
    "country": """country; countries; country name; country display name; country or region;
        country region; country territory; territory; destination country; land region; nation;
        land; staat; pays; pais; paese; land name; landname; location; countries name;
        destination country name; zielland; landername;
        pays de destination; pays destination; pais de destino; pais destino""",
    "network": """network; networks; network name; mobile network; mobile network name;
        operator; operators; operator name; mobile operator; mobile operator name;
        network operator; carrier; carriers; carrier name; mno; netz; netzbetreiber; netzname;
        anbieter; operateur; reseau; red; operador; operadora; operatore; brand; networks name;
        operator network; carrier network; carrier operator; operators name; carriers name;
        group name; network operator name; zielnetz; mobilfunknetz; mobilfunkanbieter;
        mobilfunkbetreiber; reseau mobile; operateur mobile; red movil; operador movil""",
    "mcc": "mcc; mobile country code; mcc code",
    "mnc": "mnc; mobile network code; mnc code",
    "mccmnc": "mccmnc; mcc mnc; mcc mnc code; plmn; plmn id; hni; network code; imsi; imsi prefix",
    "price": """price; rate; cost; tariff; tarif; charge; amount; prix; preis; precio; prezzo;
        preis pro sms; preis je sms; preis pro nachricht; preis je nachricht; prix par sms;
        prix par message; precio por sms; precio por mensaje; einzelpreis; stuckpreis""",
    "currency": """currency; currencies; currency code; cur; curr; ccy; currency iso; iso currency;
        price unit; price currency; billing currency; wahrung; devise; moneda; divisa; valuta;
        monnaie""",
    "surcharge": """surcharge; fee; zuschlag; aufschlag; aufpreis; gebuhr; gebuehr; supplement;
        surtaxe; frais; recargo; supplemento""",
    "unit": """unit; units; einheit; unite; unidad; billing unit; charge unit; charged per;
        price per; unit of measure; uom; quantity; menge; cantidad; quantite""",
    "kind": "kind",
    "per": "per",
    "valid_from": """valid from; effective; effective date; effective from; effective since; date;
        start; start date; from; from date; since; valid since; validity start; begin;
        begin date; rate start date; price start date; date from; active from; applicable from;
        valid as of; effective as of; rate effective date; in force from;
        effective date utc; rate effective; rate effective from; gultig ab; gueltig ab; ab; datum;
        gultig seit; gultig von; valable a partir de; valable a partir du; a partir de; a partir du;
        date d effet; date d application; date de debut; valido desde; valido a partir de;
        vigente desde; vigencia; fecha; fecha de inicio; fecha efectiva; desde""",
    "valid_to": """valid to; valid until; until; end; end date; to; to date; expires; expiry;
        expiry date; expiration date; rate end date; price end date; effective to;
        effective until; gultig bis; gueltig bis; bis; valable jusqu au; valido hasta; hasta""",
    "description": """description; service description; product description; item;
        sku description; rate description; beschreibung; bezeichnung""",
    "type": """type; message type; channel; product; product name; service; service type;
        direction; network type; number type; traffic type; category; typ; art; richtung""",
}
"""What a column is for, and the headings that say so."""

PRICE_WORDS = """
    price prices rate rates cost costs charge tariff preis preise kosten prix tarif tarifs cout
    precio precios tarifa tarifas coste costo prezzo prezzi
"""
NEUTRAL_WORDS = """
    per msg msgs message messages sms mms rcs outbound outgoing out mt unit net base list
    standard segment segments part text texts a2p send sending sent one each 1 international
    default the for in of your our current new network carrier operator country destination
    2 3 4 5 mobile rate price pass through additional extra delivery regulatory government
    termination total excl excluding ex without vat tax mwst retail final customer sell
    selling in en par por pro je ht hors taxe taxes tva sans sin iva impuestos ohne zzgl ust netto
    envoi envio versand unitaire unitario unidad unite nachricht nachrichten mensaje
    mensajes texto texte
"""
"""Words that do not change what a price or a fee is for."""
OLD_PRICE_WORDS = "base list old previous former original standard regular last"
"""Words of a price beside which another one applies."""
INBOUND_WORDS = """
    inbound incoming receive received receiving mo eingehend eingehende empfang empfangen entrant
    entrants entrante entrantes recibir recibido recibidos reception recu recus
"""
FEE_WORDS = """
    fee fees surcharge surcharges passthrough zuschlag aufschlag aufpreis gebuhr gebuehr gebuhren
    supplement surtaxe frais recargo
"""
OTHER_PRODUCTS = """
    voice call calls minute minutes min second whatsapp whats viber telegram email mail fax setup
    monthly month year yearly annual registration verify verification lookup hlr rent rental lease
    number numbers phone subscription discount margin change difference percent failed
    undelivered
"""
"""Words of prices that no message to a country has."""
MESSAGE_WORDS = "per msg msgs message messages segment segments text texts each pro par por je"
"""Words that, beside a currency, make a price."""
