package usersapi.user;

import jakarta.inject.Inject;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.json.JsonObject;
import usersapi.table.Attribute;
import usersapi.table.UsersTable;

/** Exports a profile, except settings and billing. */
public final class ProfileExport {

    private final DynamoDbClient dynamoDb;
    private final UsersTable table;

    /**
     * A user.
     *
     * @param json the address and the times; no hash, no ciphertext
     * @param hasToken whether there is a default access token
     */
    public record Profile(JsonObject json, boolean hasToken) {}

    @Inject
    ProfileExport(DynamoDbClient dynamoDb, UsersTable table) {
        this.dynamoDb = dynamoDb;
        this.table = table;
    }

    /** The user of that external id; empty if there is none. */
    public Optional<Profile> read(String userId) {
        var profile = dynamoDb.getItem(get -> get.tableName(table.name())
                .key(UsersTable.attributes(UsersTable.profile(userId))).consistentRead(true));
        return profile.hasItem() ? Optional.of(profile(profile.item())) : Optional.empty();
    }

    private static Profile profile(Map<String, AttributeValue> item) {
        var json = new JsonObject().put("external_id", text(item, Attribute.EXTERNAL_ID))
                .put("email", text(item, UsersTable.EMAIL)).put("created", text(item, UsersTable.CREATED))
                .put("modified", text(item, UsersTable.MODIFIED));
        return new Profile(json, item.containsKey(UsersTable.TOKEN_HASH.name()));
    }

    private static String text(Map<String, AttributeValue> item, Attribute<?> attribute) {
        return item.containsKey(attribute.name()) ? item.get(attribute.name()).s() : null;
    }
}
