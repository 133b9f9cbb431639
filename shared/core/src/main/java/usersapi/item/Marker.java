package usersapi.item;

import software.amazon.awssdk.enhanced.dynamodb.TableSchema;
import software.amazon.awssdk.enhanced.dynamodb.mapper.StaticImmutableTableSchema;

/**
 * An item that says what it says by being there.
 *
 * @param key says it
 * @param expires from when on nobody asks, in epoch seconds, as DynamoDB's time to live wants it
 */
public record Marker(ItemKey key, Long expires) {

    /** Its attributes in the table. */
    public static final TableSchema<Marker> SCHEMA = StaticImmutableTableSchema.builder(Marker.class, Builder.class)
            .newItemBuilder(Builder::new, Builder::build)
            .flatten(ItemKey.SCHEMA, Marker::key, (builder, value) -> builder.key = value)
            .addAttribute(Long.class, a -> a.name("expires").getter(Marker::expires)
                    .setter((builder, value) -> builder.expires = value))
            .build();

    private static final class Builder {
        private ItemKey key;
        private Long expires;

        Marker build() {
            return new Marker(key, expires);
        }
    }
}
