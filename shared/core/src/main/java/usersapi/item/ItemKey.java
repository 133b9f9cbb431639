package usersapi.item;

import static software.amazon.awssdk.enhanced.dynamodb.mapper.StaticAttributeTags.primaryPartitionKey;
import static software.amazon.awssdk.enhanced.dynamodb.mapper.StaticAttributeTags.primarySortKey;

import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.enhanced.dynamodb.Key;
import software.amazon.awssdk.enhanced.dynamodb.TableSchema;
import software.amazon.awssdk.enhanced.dynamodb.mapper.StaticImmutableTableSchema;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.credential.OpaqueToken;

/**
 * The primary key of an item of the one table. These are all the kinds of item there are: a user's own share the
 * partition {@code USER#id}; a credential is found by its SHA-256, so the table holds none in clear.
 *
 * @param pk partition key
 * @param sk sort key
 */
public record ItemKey(String pk, String sk) {

    /** The two attributes; the schemas of the items flatten it into theirs. */
    public static final TableSchema<ItemKey> SCHEMA = StaticImmutableTableSchema.builder(ItemKey.class, Builder.class)
            .newItemBuilder(Builder::new, Builder::build)
            .addAttribute(String.class, a -> a.name("pk").tags(primaryPartitionKey()).getter(ItemKey::pk)
                    .setter((builder, value) -> builder.pk = value))
            .addAttribute(String.class, a -> a.name("sk").tags(primarySortKey()).getter(ItemKey::sk)
                    .setter((builder, value) -> builder.sk = value))
            .build();

    /** The user itself. */
    public static ItemKey profile(String userId) {
        return new ItemKey("USER#" + userId, "PROFILE");
    }

    /** Says which user an e-mail address belongs to, so that it belongs to one only. */
    public static ItemKey emailClaim(String canonicalAddress) {
        return new ItemKey("EMAIL#" + canonicalAddress, "EMAIL");
    }

    /** Says which user an access token belongs to; a token without this item is not valid. */
    public static ItemKey accessToken(OpaqueToken token) {
        return accessToken(token.sha256());
    }

    /** The same, by the token's {@link OpaqueToken#sha256()}. */
    public static ItemKey accessToken(String sha256) {
        return new ItemKey("TOKEN#" + sha256, "TOKEN");
    }

    /** A session; a session id without this item is not valid. */
    public static ItemKey session(OpaqueToken id) {
        return session(id.sha256());
    }

    /** The same, by the id's {@link OpaqueToken#sha256()}. */
    public static ItemKey session(String sha256) {
        return new ItemKey("SESSION#" + sha256, "SESSION");
    }

    /** Lists that session among its user's. */
    public static ItemKey sessionOf(String userId, String sha256) {
        return new ItemKey("USER#" + userId, "SESSION#" + sha256);
    }

    /** Says that an event of Stripe's has had its effect: events arrive at least once. */
    public static ItemKey stripeEvent(String eventId) {
        return new ItemKey("EVENT#" + eventId, "EVENT");
    }

    /** A file's record, written by the file service. */
    public static ItemKey file(String userId, String fileId) {
        return new ItemKey("USER#" + userId, "FILE#" + fileId);
    }

    /** How many bytes of that file the user's total includes. */
    public static ItemKey counted(String userId, String fileId) {
        return new ItemKey("USER#" + userId, "COUNTED#" + fileId);
    }

    /** The user's total. */
    public static ItemKey storage(String userId) {
        return new ItemKey("USER#" + userId, "STORAGE");
    }

    /** The key as the low-level client gives it; empty for the empty map by which it says that no more follows. */
    public static Optional<ItemKey> of(Map<String, AttributeValue> key) {
        return key.isEmpty() ? Optional.empty() : Optional.of(new ItemKey(key.get("pk").s(), key.get("sk").s()));
    }

    /** The key as the low-level client takes it. */
    public Map<String, AttributeValue> toAttributes() {
        return Map.of("pk", AttributeValue.fromS(pk), "sk", AttributeValue.fromS(sk));
    }

    /** The key as the enhanced client takes it. */
    public Key toKey() {
        return Key.builder().partitionValue(pk).sortValue(sk).build();
    }

    /** Without the key itself, which may be an e-mail address. */
    @Override
    public String toString() {
        return "ItemKey[" + sk + "]";
    }

    private static final class Builder {
        private String pk;
        private String sk;

        ItemKey build() {
            return new ItemKey(pk, sk);
        }
    }
}
