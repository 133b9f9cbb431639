package usersapi.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import usersapi.standin.Template;
import usersapi.standin.TemplateSource;
import usersapi.standin.TranslatedTemplate;
import usersapi.testing.LocalTables;
import usersapi.testing.Permission;
import usersapi.testing.PermissionRecorder;

/**
 * Each function's policies grant exactly what its code uses. The tests of the functions' modules record the uses, so a
 * policy that seems too wide may also be a missing test.
 */
class LeastPrivilegeTest {

    private static final TemplateSource SOURCE = TemplateSource.read();

    private static final Template TEMPLATE = Template.read(LocalTables.PARAMETERS, id -> id);
    private static final List<Path> MODULES = TEMPLATE.functions().stream()
            .map(function -> Template.projectDirectory().resolve(function.codeUri()).getParent()).distinct().toList();
    private static final Map<String, Set<Permission>> USED = new HashMap<>();

    /** The permissions that Lambda itself uses by the function's role. */
    private static final Map<String, Set<Permission>> USED_BY_LAMBDA = Map.of("SettleStorage",
            Set.of(new Permission("dynamodb:DescribeStream", "Files/stream/*"),
                    new Permission("dynamodb:GetRecords", "Files/stream/*"),
                    new Permission("dynamodb:GetShardIterator", "Files/stream/*"),
                    new Permission("dynamodb:ListStreams", "Files/stream/*"),
                    new Permission("sqs:SendMessage", "UnsettledFiles")));

    /** The permissions that SAM adds to each role, for logs and traces. */
    private static final List<String> MANAGED = List.of(
            "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
            "arn:aws:iam::aws:policy/AWSXrayWriteOnlyAccess");

    /** The permissions that SAM adds for asynchronous invocations. */
    private static final Permission ON_FAILURE = new Permission("sqs:SendMessage", "FailedInvocations");

    /** Made once, if this machine has the translator. */
    private static final class Roles {

        static final TranslatedTemplate TEMPLATE = TranslatedTemplate
                .of(List.of(new TranslatedTemplate.Deployment(LocalTables.PARAMETERS, Map.of()))).getFirst();
    }

    @BeforeAll
    static void readRecords() {
        assumeTrue(System.getProperty("test") == null, "only some tests run (-Dtest)");
        var run = PermissionRecorder.run();
        assumeTrue(run.isPresent() && MODULES.stream().allMatch(module -> Files.exists(records(module, run.get()))),
                "the tests of functions/users, functions/billing and functions/login, which record what is used, have not run in this build");
        MODULES.forEach(module -> PermissionRecorder.read(records(module, run.get())).forEach(
                (handler, used) -> USED.computeIfAbsent(handler, any -> new TreeSet<>()).addAll(used)));
    }

    private static Path records(Path module, String run) {
        return module.resolve("permissions-used").resolve(run);
    }

    static Stream<String> functions() {
        return TEMPLATE.functions().stream().map(Template.Function::id);
    }

    @ParameterizedTest
    @MethodSource("functions")
    void mayDoExactlyWhatItsCodeDoes(String id) {
        var function = TEMPLATE.function(id);
        var used = new TreeSet<>(USED.getOrDefault(function.handler(), Set.of()));
        used.addAll(USED_BY_LAMBDA.getOrDefault(id, Set.of()));

        assertThat(granted(function.policies()))
                .as("what template.yaml grants %s, compared with what its module's tests made it use",
                        id)
                .containsExactlyInAnyOrderElementsOf(used);
    }

    /** SAM might grant a function more than the template says. */
    @ParameterizedTest
    @MethodSource("functions")
    void hasARoleThatSamDoesNotWiden(String id) {
        assumeTrue(TranslatedTemplate.isAvailable(),
                "this machine does not have python3 with aws-sam-translator, which makes the roles");
        var role = Roles.TEMPLATE.properties(id + "Role");
        var granted = new TreeSet<>(granted(TEMPLATE.function(id).policies()));
        if (SOURCE.function(id).containsKey("EventInvokeConfig")) {
            granted.add(ON_FAILURE);
        }

        assertThat(granted(list(role.get("Policies")).stream()
                .map(policy -> (Object) ((Map<?, ?>) policy).get("PolicyDocument")).toList())).isEqualTo(granted);
        assertThat(role.get("ManagedPolicyArns")).asInstanceOf(LIST).containsExactlyInAnyOrderElementsOf(MANAGED);
    }

    @ParameterizedTest
    @MethodSource("functions")
    void getsTheTablesThatItUsesAndNoOther(String id) {
        var function = TEMPLATE.function(id);
        var tables = TEMPLATE.tables().stream().map(Template.Table::name).toList();

        assertThat(function.environment().values()).filteredOn(tables::contains).containsExactlyInAnyOrderElementsOf(
                granted(function.policies()).stream().map(Permission::resource).filter(tables::contains).distinct()
                        .toList());
    }

    private static Set<Permission> granted(List<?> policies) {
        var granted = new TreeSet<Permission>();
        for (var policy : policies) {
            assertThat(policy).as("only policies written out, neither managed ones nor templates of SAM's")
                    .isInstanceOf(Map.class);
            for (var statement : list(((Map<?, ?>) policy).get("Statement"))) {
                granted.addAll(permissions((Map<?, ?>) statement));
            }
        }
        return granted;
    }

    private static List<Permission> permissions(Map<?, ?> statement) {
        assertThat(statement.keySet()).as("%s", statement).isEqualTo(Set.of("Effect", "Action", "Resource"));
        assertThat(statement.get("Effect")).isEqualTo("Allow");
        var permissions = new ArrayList<Permission>();
        for (var action : list(statement.get("Action"))) {
            for (var resource : list(statement.get("Resource"))) {
                permissions.add(new Permission(action.toString(), logicalId(resource.toString())));
            }
        }
        return permissions;
    }

    /** A table, a queue and a bucket are granted by their ARN, a secret by {@code Ref}. */
    private static String logicalId(String resource) {
        return resource.replaceFirst("^arn:aws:(dynamodb:[^:]+:[^:]+:table/|sqs:[^:]+:[^:]+:|s3:::)", "");
    }

    private static List<?> list(Object oneOrMore) {
        return oneOrMore instanceof List<?> list ? list : List.of(oneOrMore);
    }
}
