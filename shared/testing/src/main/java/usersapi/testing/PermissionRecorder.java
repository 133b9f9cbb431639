package usersapi.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;

/**
 * Writes down the permissions that functions use while tests run: of every call that AWS answers and that a handler is the
 * cause of. The SDK finds this class by the resource {@code global/handlers/execution.interceptors}; it records where the
 * system property {@code permissions.used} names a file, which each JVM begins anew.
 */
public final class PermissionRecorder implements ExecutionInterceptor {

    /** The handler that this thread invokes, or the one that started it. */
    static final ThreadLocal<Class<?>> HANDLER = new InheritableThreadLocal<>();

    private static final Pattern PARTITION = Pattern.compile("pk\\s*=\\s*(:\\w+)");
    private static final Optional<Path> FILE = Optional.ofNullable(System.getProperty("permissions.used"))
            .map(Path::of);
    private static final Set<String> WRITTEN = new TreeSet<>();

    /** What a directory of records says: the permissions used by each handler, by the name of its class. */
    public static Map<String, Set<Permission>> read(Path directory) {
        var used = new TreeMap<String, Set<Permission>>();
        try (var files = Files.list(directory)) {
            for (var file : files.toList()) {
                for (var line : Files.readAllLines(file)) {
                    var space = line.indexOf(' ');
                    used.computeIfAbsent(line.substring(0, space), handler -> new TreeSet<>())
                            .add(Permission.parse(line.substring(space + 1)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return used;
    }

    @Override
    public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
        var handler = HANDLER.get();
        if (handler != null && FILE.isPresent()) {
            permissions(context.request()).forEach(permission -> write(handler.getName() + " " + permission));
        }
    }

    /**
     * What a call needs. The keys of a whole transaction count for each of its actions: AWS does not document whether the
     * condition on keys sees those of the one action or of all, and a policy must hold either way.
     */
    private static Set<Permission> permissions(SdkRequest request) {
        var parts = parts(request);
        var permissions = new TreeSet<Permission>();
        for (var part : parts) {
            parts.stream().filter(other -> other.resource().equals(part.resource())).forEach(
                    other -> permissions.add(new Permission(part.action(), part.resource(), other.keys())));
        }
        return permissions;
    }

    /**
     * What each part of a call needs.
     *
     * @see <a href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html">Using IAM
     *      with DynamoDB transactions</a>
     */
    private static List<Permission> parts(SdkRequest request) {
        return switch (request) {
            case GetItemRequest get -> List.of(onItem("GetItem", get.tableName(), get.key()));
            case PutItemRequest put -> List.of(onItem("PutItem", put.tableName(), put.item()));
            case UpdateItemRequest update -> List.of(onItem("UpdateItem", update.tableName(), update.key()));
            case DeleteItemRequest delete -> List.of(onItem("DeleteItem", delete.tableName(), delete.key()));
            case QueryRequest query -> List.of(onItem("Query", query.tableName(), partition(query)));
            case ScanRequest scan -> List.of(onAll("dynamodb:Scan", scan.tableName()));
            case TransactWriteItemsRequest write ->
                write.transactItems().stream().map(PermissionRecorder::part).toList();
            case GetSecretValueRequest get -> List.of(onAll("secretsmanager:GetSecretValue", get.secretId()));
            // No policy grants this, so the comparison fails and shows it.
            default -> List.of(onAll(request.getClass().getSimpleName(), "?"));
        };
    }

    private static Permission part(TransactWriteItem item) {
        if (item.put() != null) {
            return onItem("PutItem", item.put().tableName(), item.put().item());
        }
        if (item.update() != null) {
            return onItem("UpdateItem", item.update().tableName(), item.update().key());
        }
        if (item.delete() != null) {
            return onItem("DeleteItem", item.delete().tableName(), item.delete().key());
        }
        return onItem("ConditionCheckItem", item.conditionCheck().tableName(), item.conditionCheck().key());
    }

    private static Map<String, AttributeValue> partition(QueryRequest query) {
        var partition = PARTITION.matcher(query.keyConditionExpression());
        return partition.find() ? Map.of("pk", query.expressionAttributeValues().get(partition.group(1))) : Map.of();
    }

    /** On all keys of the item's kind: {@code USER#*} for {@code USER#jane}. */
    private static Permission onItem(String action, String table, Map<String, AttributeValue> attributes) {
        var key = attributes.get("pk").s();
        return new Permission("dynamodb:" + action, LocalTable.logicalId(table),
                key.substring(0, key.indexOf('#') + 1) + "*");
    }

    private static Permission onAll(String action, String resource) {
        return new Permission(action, LocalTable.logicalId(resource), Permission.ALL);
    }

    private static void write(String line) {
        synchronized (WRITTEN) {
            if (WRITTEN.add(line)) {
                try {
                    Files.createDirectories(FILE.orElseThrow().getParent());
                    Files.write(FILE.orElseThrow(), WRITTEN);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }
}
