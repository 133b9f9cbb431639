package usersapi.table;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.config.Environment;
import usersapi.credential.Sha256;
import usersapi.lambda.Sample;

/**
 * The table {@code Users}: a profile for each user, and claims. A claim makes a unique thing, such as an e-mail address,
 * belong to one user. Its key has the SHA-256 of the claimed thing, so that no key reveals an address.
 *
 * @param name {@code USERS_TABLE}: what DynamoDB calls it
 */
public record UsersTable(String name) {

    /** The table that the environment names. */
    public UsersTable(Environment environment) {
        this(environment.required("USERS_TABLE"));
    }

    /** Partition key: a {@link #profile} or a claim. */
    public static final Attribute<String> ID = Attribute.text("id");

    /** The e-mail address, as the login service first gave it or as the identity provider last gave it. */
    public static final Attribute<String> EMAIL = Attribute.text("email");
    /** Id of the claim to the subject that signs in as this user at the identity provider. */
    public static final Attribute<String> SUBJECT = Attribute.text("subject");
    /** The user's settings by their names. A profile always has the map. */
    public static final Attribute<Map<String, String>> SETTINGS = Attribute.textByName("settings");
    /** When the user was created. */
    public static final Attribute<Instant> CREATED = Attribute.instant("created");
    /** When anything but the token's encryption last changed. */
    public static final Attribute<Instant> MODIFIED = Attribute.instant("modified");

    /** The user's access token as {@code TokenCipher} encrypts it. */
    public static final Attribute<String> TOKEN = Attribute.text("token");
    /** SHA-256 of the same token, by which {@link CredentialsTable} has it. */
    public static final Attribute<String> TOKEN_HASH = Attribute.text("token_hash");
    /** The tickets of callers who wait to replace the token. */
    public static final Attribute<Set<String>> TOKEN_QUEUE = Attribute.texts("token_queue");

    /** Stripe's id of the subscription that counts. */
    public static final Attribute<String> SUBSCRIPTION_ID = Attribute.text("stripe_subscription_id");
    /** Stripe's id of the user's customer; there is a claim to it. */
    public static final Attribute<String> CUSTOMER_ID = Attribute.text("stripe_customer_id");
    /** Stripe's id of the customer who pays that subscription; another one if the user's customer was deleted. */
    public static final Attribute<String> SUBSCRIPTION_CUSTOMER_ID = Attribute.text("subscription_customer_id");
    /** The user's plan. */
    public static final Attribute<String> PLAN = Attribute.text("plan");
    /** Stripe's word for the subscription's status. */
    public static final Attribute<String> SUBSCRIPTION_STATUS = Attribute.text("subscription_status");
    /** The end of the invoiced period. */
    public static final Attribute<Instant> CURRENT_PERIOD_END = Attribute.instant("current_period_end");
    /** Whether the subscription ends with the period. */
    public static final Attribute<Boolean> CANCEL_AT_PERIOD_END = Attribute.truth("cancel_at_period_end");
    /** The decided end of the subscription. */
    public static final Attribute<Instant> CANCEL_AT = Attribute.instant("cancel_at");
    /** When the subscription's trial ends or ended. */
    public static final Attribute<Instant> TRIAL_END = Attribute.instant("trial_end");
    /** Whether a due payment failed. */
    public static final Attribute<Boolean> PAYMENT_FAILED = Attribute.truth("payment_failed");
    /** Stripe's ids of the subscription that counts and of the others that have not ended. */
    public static final Attribute<Set<String>> SUBSCRIPTION_IDS = Attribute.texts("stripe_subscription_ids");
    /** How often the subscription was recorded. */
    public static final Attribute<Long> BILLING_REVISION = Attribute.number("billing_revision");
    /** The number of the user's last attempt to check out. */
    public static final Attribute<Long> CHECKOUT_NUMBER = Attribute.number("checkout_number");
    /** Stripe's id of the price that the attempt is for. */
    public static final Attribute<String> CHECKOUT_PRICE = Attribute.text("checkout_price");
    /** When the attempt began. */
    public static final Attribute<Instant> CHECKOUT_OPENED = Attribute.instant("checkout_opened");
    /** The minute, counted from 1970, of the user's last request that asks Stripe. */
    public static final Attribute<Long> STRIPE_MINUTE = Attribute.number("stripe_minute");
    /** How many such requests the user made in that minute. */
    public static final Attribute<Long> STRIPE_REQUESTS = Attribute.number("stripe_requests");

    /** The prefix of each profile's id. */
    public static final String PROFILE_PREFIX = "user#";

    /** Id of the user's profile. */
    public static String profile(String userId) {
        return PROFILE_PREFIX + userId;
    }

    /** Id of the claim to an e-mail address, in its canonical form. */
    public static String emailClaim(String canonicalAddress) {
        return claim("email", canonicalAddress);
    }

    /** Id of the claim to a subject, which is unique at its provider. No issuer contains a line break. */
    public static String subjectClaim(String issuer, String subject) {
        return claim("subject", issuer + "\n" + subject);
    }

    /** Id of the claim to a customer at Stripe. */
    public static String customerClaim(String customerId) {
        return claim("customer", customerId);
    }

    private static String claim(String kind, String canonical) {
        return kind + "#" + Sha256.hex(canonical);
    }

    /** The key of an item with this id. */
    public static Map<String, AttributeValue> attributes(String id) {
        return Map.of(ID.name(), AttributeValue.fromS(id));
    }

    /** A sample of a subscriber's profile, and one of a user who has never paid and whose token somebody else replaces. */
    public static Sample sample() {
        // The token is that of Priming's event, encrypted with the key of KeyRing's sample.
        var newcomer = """
                {"id": {"S": "user#u"}, "external_id": {"S": "u"}, "email": {"S": "primed@primed.example"},
                 "subject": {"S": "primed"}, "settings": {"M": {"tz": {"S": "UTC"}, "locale": {"S": "de-CH"}}},
                 "created": {"S": "2026-12-31T23:59:59.123Z"}, "modified": {"S": "2026-12-31T23:59:59.123Z"},
                 "token": {"S": "k.AAAAAAAAAAAAAAAAdX4mCouXHQgw5cBEmBOGp519yS9xUiGDqjEvPOmgmnMDRS_aHC4rBmzp-p435O0OCBjkM7wfp-wIACs"},
                 "token_hash": {"S": "%s"},
                 "stripe_minute": {"N": "1"}, "stripe_requests": {"N": "1"}
                """
                .formatted(Sha256.hex("A".repeat(43)));
        var subscriber = newcomer + """
                , "stripe_subscription_id": {"S": "primed"}, "stripe_customer_id": {"S": "primed"},
                 "subscription_customer_id": {"S": "primed"}, "plan": {"S": "other"},
                 "subscription_status": {"S": "active"}, "current_period_end": {"S": "2026-12-31T23:59:59Z"},
                 "cancel_at_period_end": {"BOOL": false}, "cancel_at": {"S": "2026-12-31T23:59:59Z"},
                 "trial_end": {"S": "2026-12-31T23:59:59Z"}, "payment_failed": {"BOOL": false},
                 "stripe_subscription_ids": {"SS": ["primed"]}, "billing_revision": {"N": "1"},
                 "checkout_number": {"N": "1"}, "checkout_price": {"S": "other"},
                 "checkout_opened": {"S": "2026-12-31T23:59:59.123Z"}}""";
        var waiting = newcomer + ", \"token_queue\": {\"SS\": [\"primed\"]}}";
        return Sample.item(UsersTable.class, subscriber, subscriber, waiting);
    }
}
