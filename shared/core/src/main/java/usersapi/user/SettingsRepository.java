package usersapi.user;

import static usersapi.table.UsersTable.ID;
import static usersapi.table.UsersTable.MODIFIED;
import static usersapi.table.UsersTable.SETTINGS;

import jakarta.inject.Inject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import usersapi.table.UsersTable;

/**
 * The users' settings: a map on each profile. An update names the changed settings only, so that two requests at the same
 * time can change different ones.
 */
public final class SettingsRepository {

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final Clock clock;

    @Inject
    SettingsRepository(DynamoDbClient dynamoDb, UsersTable users, Clock clock) {
        this.dynamoDb = dynamoDb;
        this.table = users.name();
        this.clock = clock;
    }

    /** The user's settings, read consistently; empty if there is no such user. */
    public Optional<Settings> find(String userId) {
        var profile = dynamoDb.getItem(get -> get.tableName(table).key(key(userId)).consistentRead(true)
                .projectionExpression(SETTINGS.name())).item();
        return Optional.ofNullable(profile.get(SETTINGS.name())).map(stored -> {
            var values = new EnumMap<Setting, String>(Setting.class);
            for (var setting : Setting.values()) {
                Optional.ofNullable(stored.m().get(setting.wireName()))
                        .ifPresent(value -> values.put(setting, value.s()));
            }
            return new Settings(values);
        });
    }

    /** Changes the named settings and no others; returns false if there is no such user. */
    public boolean update(String userId, SettingsChange change) {
        var names = new HashMap<>(Map.of("#settings", SETTINGS.name()));
        var values = new HashMap<>(Map.of(":now", AttributeValue.fromS(clock.instant().toString())));
        var set = new ArrayList<>(List.of(MODIFIED.name() + " = :now"));
        var remove = new ArrayList<String>();
        change.values().forEach((setting, value) -> {
            var name = setting.wireName();
            names.put("#" + name, name);
            value.ifPresentOrElse(text -> {
                values.put(":" + name, AttributeValue.fromS(text));
                set.add("#settings.#%s = :%s".formatted(name, name));
            }, () -> remove.add("#settings.#" + name));
        });
        var expression = "SET " + String.join(", ", set)
                + (remove.isEmpty() ? "" : " REMOVE " + String.join(", ", remove));
        try {
            dynamoDb.updateItem(update -> update.tableName(table).key(key(userId)).updateExpression(expression)
                    .conditionExpression("attribute_exists(" + ID.name() + ")").expressionAttributeNames(names)
                    .expressionAttributeValues(values));
            return true;
        } catch (ConditionalCheckFailedException e) {
            return false;
        }
    }

    private static Map<String, AttributeValue> key(String userId) {
        return UsersTable.attributes(UsersTable.profile(userId));
    }
}
