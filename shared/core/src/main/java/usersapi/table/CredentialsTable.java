package usersapi.table;

import java.time.Instant;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.config.Environment;
import usersapi.credential.Sha256;
import usersapi.lambda.Sample;

/**
 * The table {@code Credentials}: access tokens and sessions by the SHA-256 of their secret, a list of each user's sessions
 * and named tokens, and used states of sign-ins. It holds no secret in clear text. It is the only table with a time to live.
 *
 * @param name {@code CREDENTIALS_TABLE}: what DynamoDB calls it
 */
public record CredentialsTable(String name) {

    /** The table that the environment names. */
    public CredentialsTable(Environment environment) {
        this(environment.required("CREDENTIALS_TABLE"));
    }

    /** Partition key: a credential, or {@code user#id} for the list of a user's credentials. */
    public static final Attribute<String> LOOKUP = Attribute.text("lookup");
    /** Sort key: the credential that the item is about. */
    public static final Attribute<String> CREDENTIAL = Attribute.text("credential");

    /** SHA-256 of the session's CSRF token. */
    public static final Attribute<String> CSRF_HASH = Attribute.text("csrf_hash");
    /** When the credential was made. */
    public static final Attribute<Instant> CREATED = Attribute.instant("created");
    /** When the session was last used, in epoch seconds; up to an hour behind. */
    public static final Attribute<Long> LAST_SEEN = Attribute.number("last_seen");
    /** When the credential or the state of a sign-in ends, in epoch seconds; the table's time to live. */
    public static final Attribute<Long> EXPIRES = Attribute.number("expires");

    /** The callback that used the state of a sign-in. */
    public static final Attribute<String> CALLBACK = Attribute.text("callback");

    /** The label of a named token; the default token has none. */
    public static final Attribute<String> LABEL = Attribute.text("label");
    /** Whether the named token is limited to reading. */
    public static final Attribute<Boolean> READ_ONLY = Attribute.truth("read_only");
    /** When the named token was last used, in epoch seconds; up to an hour behind. */
    public static final Attribute<Long> LAST_USED = Attribute.number("last_used");
    /** The slot of the named token. */
    public static final Attribute<String> SLOT = Attribute.text("slot");
    /** SHA-256 of the named token that has the slot. */
    public static final Attribute<String> TOKEN_HASH = Attribute.text("token_hash");

    private static final String SESSION = "session#";

    /**
     * The primary key of an item.
     *
     * @param lookup the partition key
     * @param credential the sort key
     */
    public record ItemKey(String lookup, String credential) {

        /** The key's attributes. */
        public Map<String, AttributeValue> attributes() {
            return Map.of(LOOKUP.name(), AttributeValue.fromS(lookup), CREDENTIAL.name(),
                    AttributeValue.fromS(credential));
        }

        /** SHA-256 of the credential's secret. */
        public String sha256() {
            return credential.substring(credential.indexOf('#') + 1);
        }
    }

    /** Key of an access token, which is valid while the item exists. */
    public static ItemKey accessToken(String sha256) {
        return own("token#" + sha256);
    }

    /** Key of a slot for a named token of the user; with an empty slot the common prefix of these keys. */
    public static ItemKey namedTokenOf(String userId, String slot) {
        return new ItemKey(listOf(userId), "named_token#" + slot);
    }

    /** Key of a session, which is open while the item exists. */
    public static ItemKey session(String sha256) {
        return own(SESSION + sha256);
    }

    /**
     * Key of a sign-in that has come back from the provider, by the SHA-256 of its state. While the item exists, the state
     * cannot be used again.
     */
    public static ItemKey signIn(String sha256) {
        return own("sign-in#" + sha256);
    }

    private static ItemKey own(String credential) {
        return new ItemKey(credential, credential);
    }

    /** Key of the session's entry in the list of its user's sessions; with an empty hash the common prefix of these keys. */
    public static ItemKey sessionOf(String userId, String sha256) {
        return new ItemKey(listOf(userId), SESSION + sha256);
    }

    /** The key condition of a query for the items of a list whose keys have this common prefix. */
    public static Condition startingWith(ItemKey prefix) {
        return new Condition(LOOKUP.name() + " = :lookup AND begins_with(" + CREDENTIAL.name() + ", :prefix)",
                Map.of(":lookup", AttributeValue.fromS(prefix.lookup), ":prefix",
                        AttributeValue.fromS(prefix.credential)));
    }

    private static String listOf(String userId) {
        return "user#" + userId;
    }

    /** A sample that is a session, a token and an entry of a list at once. Its credential has not been used for long. */
    public static Sample sample() {
        return Sample.item(CredentialsTable.class, """
                {"lookup": {"S": "user#u"}, "credential": {"S": "session#%1$s"}, "csrf_hash": {"S": "%1$s"},
                 "created": {"S": "2026-12-31T23:59:59.123Z"}, "last_seen": {"N": "1"},
                 "expires": {"N": "99999999999"}, "callback": {"S": "primed"}, "label": {"S": "primed"},
                 "read_only": {"BOOL": false}, "last_used": {"N": "1"}, "slot": {"S": "00"},
                 "token_hash": {"S": "%1$s"}}""".formatted(Sha256.hex("A".repeat(43))));
    }
}
