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
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
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
 * Records the permissions that functions use during tests, for every answered call of AWS by a handler. The SDK finds this
 * class by the resource {@code global/handlers/execution.interceptors}. The system property {@code permissions.used} names
 * the file, {@code BUILD/FORK.txt}. Each build has its own directory, so that the records of earlier or partial runs do not
 * count.
 */
public final class PermissionRecorder implements ExecutionInterceptor {

    /** The handler that runs on this thread or on the thread that started it. */
    static final ThreadLocal<Class<?>> HANDLER = new InheritableThreadLocal<>();

    private static final Optional<Path> FILE = Optional.ofNullable(System.getProperty("permissions.used"))
            .map(Path::of);
    private static final Set<String> WRITTEN = new TreeSet<>();

    /** The name of this build's directory in each module; empty outside a build, for example in an IDE. */
    public static Optional<String> run() {
        return FILE.map(file -> file.getParent().getFileName().toString());
    }

    /** Reads a directory of records: the permissions used by each handler, by the name of its class. */
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

    /** Records a permission that a handler used without the SDK's client. */
    public static void record(Class<?> handler, Permission permission) {
        if (FILE.isPresent()) {
            write(handler.getName() + " " + permission);
        }
    }

    @Override
    public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
        var handler = HANDLER.get();
        if (handler != null && FILE.isPresent()) {
            permissions(context.request()).forEach(permission -> write(handler.getName() + " " + permission));
        }
    }

    /**
     * The permissions that a call needs.
     *
     * @see <a href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html">Using IAM
     *      with DynamoDB transactions</a>
     */
    private static List<Permission> permissions(SdkRequest request) {
        return switch (request) {
            case GetItemRequest get -> List.of(onTable("GetItem", get.tableName()));
            case PutItemRequest put -> List.of(onTable("PutItem", put.tableName()));
            case UpdateItemRequest update -> List.of(onTable("UpdateItem", update.tableName()));
            case DeleteItemRequest delete -> List.of(onTable("DeleteItem", delete.tableName()));
            case QueryRequest query -> List.of(onTable("Query", query.tableName()));
            case ScanRequest scan -> List.of(onTable("Scan", scan.tableName()));
            case BatchGetItemRequest batch ->
                batch.requestItems().keySet().stream().map(table -> onTable("BatchGetItem", table)).toList();
            case BatchWriteItemRequest batch ->
                batch.requestItems().keySet().stream().map(table -> onTable("BatchWriteItem", table)).toList();
            case TransactWriteItemsRequest write ->
                write.transactItems().stream().map(PermissionRecorder::part).toList();
            case GetSecretValueRequest get ->
                List.of(new Permission("secretsmanager:GetSecretValue", LocalTables.logicalId(get.secretId())));
            // No policy grants this, so that the comparison fails and shows it.
            default -> List.of(new Permission(request.getClass().getSimpleName(), "?"));
        };
    }

    private static Permission part(TransactWriteItem item) {
        if (item.put() != null) {
            return onTable("PutItem", item.put().tableName());
        }
        if (item.update() != null) {
            return onTable("UpdateItem", item.update().tableName());
        }
        if (item.delete() != null) {
            return onTable("DeleteItem", item.delete().tableName());
        }
        return onTable("ConditionCheckItem", item.conditionCheck().tableName());
    }

    private static Permission onTable(String action, String table) {
        return new Permission("dynamodb:" + action, LocalTables.logicalId(table));
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
