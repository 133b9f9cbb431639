package usersapi.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogLineTest {

    private static final String TEMPLATE = """
            {"timestamp":"2026-11-25T10:51:53.123Z","level":"INFO","outcome":"ok","Invocations":1,"_aws":{"Timestamp":NOW,\
            "CloudWatchMetrics":[{"Namespace":"UsersApi","Dimensions":[["outcome"]],"Metrics":[{"Name":"Invocations",\
            "Unit":"Count"}]}]}}""";

    private static final String PLAIN = "{\"timestamp\":\"2026-11-25T10:51:53.123Z\",\"level\":\"INFO\",\"a\":\"b\"}";

    @Test
    void takesAnObjectWithTimeAndLevel() {
        assertThat(LogLine.of(PLAIN).json().path("a").asText()).isEqualTo("b");
        assertThat(LogLine.of(PLAIN).hasMetrics()).isFalse();
    }

    @Test
    void takesADocumentOfTheEmbeddedMetricFormat() {
        assertThat(LogLine.of(now(TEMPLATE)).hasMetrics()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "text", "[]", "{", PLAIN + "{}", PLAIN + "\n", "{}",
            "{\"timestamp\":\"2026-11-25T10:51:53.123Z\",\"level\":\"LOUD\"}",
            "{\"timestamp\":\"25/Nov/2026\",\"level\":\"INFO\"}",
            "{\"timestamp\":\"2026-11-25T10:51:53.123Z\",\"level\":\"INFO\",\"level\":\"INFO\"}"})
    void refusesWhatIsNoLine(String text) {
        assertThatThrownBy(() -> LogLine.of(text)).isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("not a line of a log");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"\"Timestamp\":NOW|\"Timestamp\":\"NOW\"", "\"Timestamp\":NOW|\"Timestamp\":1",
            "\"Timestamp\":NOW,|''", "UsersApi|AWS/Lambda", "\"Namespace\":\"UsersApi\",|''",
            "[[\"outcome\"]]|[\"outcome\"]", "[[\"outcome\"]]|[]", "[[\"outcome\"]]|[[\"Outcome\"]]",
            "\"outcome\":\"ok\"|\"outcome\":5", "\"outcome\":\"ok\"|\"outcome\":\" \"",
            "\"Invocations\":1|\"Invocations\":\"1\"", "\"Invocations\":1|\"invocations\":1", "\"Count\"|\"count\"",
            "\"CloudWatchMetrics\":|\"Metrics\":"})
    void refusesADocumentThatCloudWatchWouldPassOver(String right, String wrong) {
        var broken = TEMPLATE.replace(right, wrong);

        assertThat(broken).isNotEqualTo(TEMPLATE);
        assertThatThrownBy(() -> LogLine.of(now(broken))).isInstanceOf(AssertionError.class);
    }

    private static String now(String template) {
        return template.replace("NOW", Long.toString(System.currentTimeMillis()));
    }
}
