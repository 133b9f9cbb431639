package usersapi.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import usersapi.lambda.Outcome;
import usersapi.standin.Template;
import usersapi.system.RunningApi;
import usersapi.testing.LocalTables;

/** The README's tables of costs are what {@link RequestCosts} computes: where they differ, put its tables there. */
class RequestCostsTest {

    private static RequestCosts bySession;

    @BeforeAll
    static void measure() {
        bySession = new RequestCosts(false);
    }

    @Test
    void theReadmeSaysWhatRequestsCost() throws IOException {
        assertThat(read("README.md")).contains(bySession.requests());
    }

    @Test
    void theReadmeSaysWhatAMonthCosts() throws IOException {
        int secrets = Template.read(LocalTables.PARAMETERS, id -> id).secrets().size();
        // Only alarms name a metric in this way.
        long alarmMetrics = Pattern.compile("MetricName: ").matcher(read("template.yaml")).results().count();

        assertThat(read("README.md"))
                .contains(RequestCosts.month(Outcome.values().length, secrets, (int) alarmMetrics));
    }

    @Test
    void aBearerCostsWhatASessionCosts() {
        assertThat(new RequestCosts(true).requests()).isEqualTo(bySession.requests());
    }

    @Test
    void theAuthorizerMakesOneCall() {
        assertThat(bySession.authorizing()).isNotEmpty().allMatch(List.of("GetItem")::equals);
    }

    @Test
    void noRequestMakesMoreCallsThanItMust() {
        assertThat(bySession.answering()).containsAllEntriesOf(Map.of(
                "`GET /api/users/me/`", List.of("GetItem"),
                "`GET /api/users/me/token/`", List.of("GetItem"),
                "`POST /api/users/me/token/regenerate/`", List.of("GetItem", "TransactWriteItems"),
                "`PATCH /api/users/settings/`", List.of("UpdateItem"),
                "`GET /api/users/storage/`", List.of("GetItem"),
                "`GET /api/users/stripe/subscription/`", List.of("GetItem"),
                "`SettleStorage`", List.of("GetItem", "GetItem", "TransactWriteItems")));
    }

    /** On which the rules of {@link CapacityUnits} rest; this text is longer than what DynamoDB counts. */
    @Test
    void noItemOfAUserIsLargerThanOneUnit() {
        var items = RunningApi.items().stream().filter(item -> item.toString().contains(bySession.userId())).toList();

        assertThat(items).isNotEmpty().allSatisfy(item -> assertThat(item.toString().replace("AttributeValue", ""))
                .hasSizeLessThanOrEqualTo(1_024));
    }

    private static String read(String file) throws IOException {
        return Files.readString(Template.projectDirectory().resolve(file));
    }
}
