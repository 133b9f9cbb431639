package usersapi.testing;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Gives a test class its own table and secrets, made as {@code template.yaml} says, and sets the environment of the
 * template's functions, so that their no-argument constructors work as on AWS:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final LocalTable TABLE = new LocalTable();
 * }</pre>
 *
 * <p>Endpoints, region and credentials go by the SDK's own system properties, environment variables by system properties of
 * the same name. The servers behind them start once per JVM; with the
 * system property {@code aws.endpoint} they are what emulates AWS there.
 */
public final class LocalTable implements BeforeAllCallback, AfterAllCallback {

    private static final class Shared {

        static final LocalAws AWS = LocalAws.forTests();
    }

    /** Values for the template's parameters that have no default. */
    public static final Map<String, String> PARAMETERS = Map.of("FrontendOrigin", "https://app.example.com",
            "StripePlans", "pro=price_pro,team=price_team");

    private static final Pattern SUFFIX = Pattern.compile("-\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}$");

    private final Template template;
    private final Template.Table table;

    /** The template's table, for the frontend {@code https://app.example.com} and the plans {@code pro} and {@code team}. */
    public LocalTable() {
        this(Map.of());
    }

    /** The same, with these values for the template's parameters. */
    public LocalTable(Map<String, String> parameters) {
        var values = new HashMap<>(PARAMETERS);
        values.putAll(parameters);
        var suffix = "-" + UUID.randomUUID();
        template = Template.read(values, id -> id + suffix);
        table = template.tables().getFirst();
    }

    /** The template's name of a table or secret that was made here; what was not keeps its own. */
    static String logicalId(String name) {
        return SUFFIX.matcher(name).replaceFirst("");
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        Shared.AWS.deploy(template);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Shared.AWS.remove(template);
    }

    /** The template, resolved for this table. */
    public Template template() {
        return template;
    }

    /** The table's name. */
    public String name() {
        return table.name();
    }

    /** A client of the database that the table is in. */
    public DynamoDbClient client() {
        return Shared.AWS.dynamoDb();
    }

    /** Gives a secret its first or a new value. */
    public void putSecret(String name, String value) {
        Shared.AWS.putSecret(name, value);
    }

    /** Deletes a secret at once. */
    public void deleteSecret(String name) {
        Shared.AWS.deleteSecret(name);
    }

    /** Everything in the table. */
    public List<Map<String, AttributeValue>> items() {
        return client().scanPaginator(scan -> scan.tableName(name()).consistentRead(true)).items().stream().toList();
    }

    /** The item of this key. */
    public Optional<Map<String, AttributeValue>> item(String pk, String sk) {
        var found = client().getItem(get -> get.tableName(name()).consistentRead(true)
                .key(Map.of("pk", AttributeValue.fromS(pk), "sk", AttributeValue.fromS(sk))));
        return found.hasItem() ? Optional.of(found.item()) : Optional.empty();
    }
}
