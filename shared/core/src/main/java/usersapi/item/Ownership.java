package usersapi.item;

import software.amazon.awssdk.enhanced.dynamodb.TableSchema;
import software.amazon.awssdk.enhanced.dynamodb.mapper.StaticImmutableTableSchema;

/**
 * The item that says whose something unique is: an e-mail claim or an access token.
 *
 * @param key {@link ItemKey#emailClaim} or {@link ItemKey#accessToken}
 * @param userId external id of the owner
 */
public record Ownership(ItemKey key, String userId) {

    /** Its attributes in the table. */
    public static final TableSchema<Ownership> SCHEMA = StaticImmutableTableSchema
            .builder(Ownership.class, Builder.class).newItemBuilder(Builder::new, Builder::build)
            .flatten(ItemKey.SCHEMA, Ownership::key, (builder, value) -> builder.key = value)
            .addAttribute(String.class, a -> a.name("external_id").getter(Ownership::userId)
                    .setter((builder, value) -> builder.userId = value))
            .build();

    private static final class Builder {
        private ItemKey key;
        private String userId;

        Ownership build() {
            return new Ownership(key, userId);
        }
    }
}
