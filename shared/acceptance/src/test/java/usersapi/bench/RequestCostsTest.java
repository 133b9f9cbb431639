package usersapi.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import usersapi.lambda.Outcome;
import usersapi.standin.Template;
import usersapi.system.RunningApi;
import usersapi.testing.LocalTables;

/** Each row of the tables in docs/costs.md equals the one of {@link RequestCosts}; if one differs, copy the new one there. */
class RequestCostsTest {

    private static RequestCosts bySession;

    @BeforeAll
    static void measure() {
        bySession = new RequestCosts(false);
    }

    static Stream<String> requests() {
        return bySession.requests().lines();
    }

    @ParameterizedTest
    @MethodSource("requests")
    void isDocumentedForARequest(String row) throws IOException {
        assertThat(documented(row)).contains(row);
    }

    @Test
    void isDocumentedForNoOtherRequest() throws IOException {
        var table = read("docs/costs.md").split("\\|---:\\|\n", 3)[1].lines().takeWhile(line -> line.startsWith("|"));

        assertThat(table.map(RequestCostsTest::name))
                .containsExactlyElementsOf(requests().map(RequestCostsTest::name).toList());
    }

    static Stream<String> months() throws IOException {
        int secrets = Template.read(LocalTables.PARAMETERS, id -> id).secrets().size();
        // Alarms name the metrics that they watch; the filter of the access logs names one that it makes.
        long alarmMetrics = Pattern.compile("MetricName: ").matcher(read("template.yaml")).results().count()
                - Pattern.compile("MetricTransformations:").matcher(read("template.yaml")).results().count();
        return RequestCosts.month(Outcome.values().length, secrets, (int) alarmMetrics).lines();
    }

    @ParameterizedTest
    @MethodSource("months")
    void isDocumentedForAMonth(String row) throws IOException {
        assertThat(documented(row)).contains(row);
    }

    /** The rows of docs/costs.md with the same first cell, apart from numbers. */
    private static List<String> documented(String row) throws IOException {
        return read("docs/costs.md").lines().filter(line -> line.startsWith("| ") && name(line).equals(name(row)))
                .toList();
    }

    private static String name(String row) {
        return row.split("\\|", 3)[1].replaceAll("\\d+", "N");
    }

    @Test
    void aBearerCostsWhatASessionCostsOrOneReadLess() {
        var byBearer = new RequestCosts(true);

        assertThat(byBearer.requests().lines()).filteredOn(row -> !name(row).contains("GET /api/users/me/`"))
                .containsExactlyElementsOf(
                        requests().filter(row -> !name(row).contains("GET /api/users/me/`")).toList());
        assertThat(byBearer.answering()).containsEntry("`GET /api/users/me/`", List.of("GetItem"));
    }

    @Test
    void theAuthorizerMakesOneCall() {
        assertThat(bySession.authorizing()).isNotEmpty().allMatch(List.of("GetItem")::equals);
    }

    @Test
    void noRequestMakesNeedlessCalls() {
        assertThat(bySession.answering()).containsAllEntriesOf(Map.of(
                "`GET /api/users/me/`", List.of("GetItem", "GetItem"),
                "`GET /api/users/me/token/`", List.of("GetItem", "GetItem"),
                "`POST /api/users/me/token/regenerate/`", List.of("UpdateItem", "TransactWriteItems"),
                "`PATCH /api/users/settings/`", List.of("UpdateItem"),
                "`GET /api/users/sessions/`", List.of("Query", "BatchGetItem"),
                "`POST /api/users/tokens/`", List.of("Query", "TransactWriteItems"),
                "`GET /api/users/storage/`", List.of("GetItem"),
                "`GET /api/users/stripe/subscription/`", List.of("GetItem"),
                "`SettleStorage`", List.of("GetItem", "GetItem", "TransactWriteItems")));
    }

    /** The rules of {@link CapacityUnits} assume this. */
    @Test
    void noItemOfAUserIsLargerThanOneUnit() {
        var items = RunningApi.items().stream().filter(item -> item.toString().contains(bySession.userId())).toList();

        assertThat(items).isNotEmpty()
                .allSatisfy(item -> assertThat(CapacityUnits.sizeOf(item)).isLessThanOrEqualTo(1_024));
    }

    private static String read(String file) throws IOException {
        return Files.readString(Template.projectDirectory().resolve(file));
    }
}
