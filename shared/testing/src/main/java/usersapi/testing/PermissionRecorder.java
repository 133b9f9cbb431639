package usersapi.testing;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
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

    private static final StackWalker STACK = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
    private static final Pattern PARTITION = Pattern.compile("pk\\s*=\\s*(:\\w+)");
    private static final Optional<Path> FILE = Optional.ofNullable(System.getProperty("permissions.used"))
            .map(Path::of);
    private static final Set<String> WRITTEN = new TreeSet<>();

    /** An IAM action on a resource, and the one key it is about. */
    private record Use(String action, String resource, String key) {}

    /** What a file of records says: the permissions used by each handler, by the name of its class. */
    public static Map<String, Set<Permission>> read(Path file) {
        var used = new TreeMap<String, Set<Permission>>();
        try {
            for (var line : Files.readAllLines(file)) {
                var space = line.indexOf(' ');
                used.computeIfAbsent(line.substring(0, space), handler -> new TreeSet<>())
                        .add(Permission.parse(line.substring(space + 1)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return used;
    }

    @Override
    public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
        FILE.ifPresent(file -> handler().ifPresent(
                handler -> permissions(context.request())
                        .forEach(permission -> write(file, handler + " " + permission))));
    }

    /** The class of the handler that is being invoked, if one is: of the sync clients' calls it is on the stack. */
    private static Optional<String> handler() {
        return STACK.walk(frames -> frames.<Class<?>>map(StackWalker.StackFrame::getDeclaringClass)
                .filter(type -> RequestStreamHandler.class.isAssignableFrom(type)
                        && !Modifier.isAbstract(type.getModifiers()))
                .map(Class::getName).findFirst());
    }

    /**
     * The keys of a whole transaction count for each of its actions: AWS does not document whether its condition sees those
     * of the one action or of all, and a policy must hold either way.
     */
    private static Set<Permission> permissions(SdkRequest request) {
        var uses = uses(request);
        var permissions = new TreeSet<Permission>();
        for (var use : uses) {
            uses.stream().filter(other -> other.resource.equals(use.resource)).forEach(other -> permissions
                    .add(new Permission(use.action, LocalTable.logicalId(use.resource), kind(other.key))));
        }
        return permissions;
    }

    /**
     * Which IAM actions a call needs.
     *
     * @see <a href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html">Using IAM
     *      with DynamoDB transactions</a>
     */
    private static List<Use> uses(SdkRequest request) {
        return switch (request) {
            case GetItemRequest get -> List.of(use("GetItem", get.tableName(), get.key()));
            case PutItemRequest put -> List.of(use("PutItem", put.tableName(), put.item()));
            case UpdateItemRequest update -> List.of(use("UpdateItem", update.tableName(), update.key()));
            case DeleteItemRequest delete -> List.of(use("DeleteItem", delete.tableName(), delete.key()));
            case QueryRequest query -> List.of(use("Query", query.tableName(), partition(query)));
            case ScanRequest scan -> List.of(new Use("dynamodb:Scan", scan.tableName(), Permission.ALL));
            case TransactWriteItemsRequest write ->
                write.transactItems().stream().map(PermissionRecorder::use).toList();
            case GetSecretValueRequest get ->
                List.of(new Use("secretsmanager:GetSecretValue", get.secretId(), Permission.ALL));
            // No policy grants this, so the comparison fails and shows it.
            default -> List.of(new Use(request.getClass().getSimpleName(), "?", Permission.ALL));
        };
    }

    private static Use use(TransactWriteItem item) {
        if (item.put() != null) {
            return use("PutItem", item.put().tableName(), item.put().item());
        }
        if (item.update() != null) {
            return use("UpdateItem", item.update().tableName(), item.update().key());
        }
        if (item.delete() != null) {
            return use("DeleteItem", item.delete().tableName(), item.delete().key());
        }
        return use("ConditionCheckItem", item.conditionCheck().tableName(), item.conditionCheck().key());
    }

    private static Use use(String action, String table, Map<String, AttributeValue> attributes) {
        return new Use("dynamodb:" + action, table, attributes.get("pk").s());
    }

    private static Map<String, AttributeValue> partition(QueryRequest query) {
        var partition = PARTITION.matcher(query.keyConditionExpression());
        return partition.find() ? Map.of("pk", query.expressionAttributeValues().get(partition.group(1))) : Map.of();
    }

    /** All keys of that kind: {@code USER#*} for {@code USER#jane}. */
    private static String kind(String key) {
        return key.substring(0, key.indexOf('#') + 1) + "*";
    }

    private static void write(Path file, String line) {
        synchronized (WRITTEN) {
            if (WRITTEN.add(line)) {
                try {
                    Files.write(file, WRITTEN);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }
}
