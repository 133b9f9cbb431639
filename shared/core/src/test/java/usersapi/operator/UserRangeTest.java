package usersapi.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import usersapi.json.JsonObject;

class UserRangeTest {

    private static UserRange.Parsed parse(String event) {
        return UserRange.parse(((JsonObject.Parsed.Valid) JsonObject.parse(event)).object(), UserRangeTest.class);
    }

    private static UserRange range(String event) {
        return ((UserRange.Parsed.Valid) parse(event)).range();
    }

    @Test
    void aSegmentIsAPartOfEverybody() {
        assertThat(range("{\"all\": true, \"segment\": 2, \"segments\": 4}").segment()).contains(new Segment(2, 4));
        assertThat(range("{\"all\": true, \"segment\": 1, \"segments\": 1}").segment()).contains(new Segment(1, 1));
        assertThat(range("{\"all\": true, \"segment\": 1000, \"segments\": 1000}").segment())
                .contains(new Segment(1000, 1000));
        assertThat(range("{\"all\": true}").segment()).isEmpty();
        assertThat(range("{\"all\": true, \"segment\": null, \"segments\": null}").segment()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"segment\": 0, \"segments\": 4", "\"segment\": 5, \"segments\": 4", "\"segment\": 1",
            "\"segments\": 4", "\"segment\": \"1\", \"segments\": 4", "\"segment\": 1, \"segments\": 1001",
            "\"segment\": 1.5, \"segments\": 4", "\"segment\": -1, \"segments\": 4",
            "\"segment\": true, \"segments\": 4"})
    void aMalformedSegmentIsRefused(String members) {
        assertThat(parse("{\"all\": true, %s}".formatted(members))).isInstanceOf(UserRange.Parsed.Invalid.class);
    }

    @Test
    void oneUserHasNoSegments() {
        assertThat(parse("{\"external_id\": \"%s\", \"segment\": 1, \"segments\": 4}".formatted("0".repeat(32))))
                .isInstanceOf(UserRange.Parsed.Invalid.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "0", "1", "\"true\"", "[]"})
    void allIsTrueOrFalseOrNotThere(String all) {
        assertThat(parse("{\"all\": %s}".formatted(all))).isInstanceOf(UserRange.Parsed.Invalid.class);
        assertThat(parse("{\"external_id\": \"%s\", \"all\": %s}".formatted("0".repeat(32), all)))
                .isInstanceOf(UserRange.Parsed.Invalid.class);
        assertThat(parse("{\"external_id\": \"%s\", \"all\": false}".formatted("0".repeat(32))))
                .isInstanceOf(UserRange.Parsed.Valid.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"u", "jane@example.com", "0123456789ABCDEF0123456789ABCDEF",
            "0123456789abcdef0123456789abcde", "0123456789abcdef0123456789abcde/",
            "0123456789abcdef0123456789abcde:", "0123456789abcdef0123456789abcde`",
            "0123456789abcdef0123456789abcdeg", "0123456789abcdef0123456789abcdef0", "0123456789abcdef0123456789abcde ",
            "local-demo-access-token-0000000000000000000"})
    void aMalformedExternalIdIsRefused(String id) {
        assertThat(parse("{\"external_id\": \"%s\"}".formatted(id))).isInstanceOf(UserRange.Parsed.Invalid.class);
    }

    @Test
    void theCursorOfAUserIsOfThatUserOnly() {
        var one = "{\"external_id\": \"%s\", \"from\": \"%s\"}";
        var id = "0123456789abcdef".repeat(2);
        var next = range("{\"external_id\": \"%s\"}".formatted(id)).next(Optional.of("here"));

        assertThat(range(one.formatted(id, next)).from()).contains("here");
        assertThat(parse(one.formatted("0".repeat(32), next))).isInstanceOf(UserRange.Parsed.Invalid.class);
    }

    @Test
    void onlyTheAnswerAboutASegmentNamesTheFailedUsers() {
        var failed = new FailedUsers();
        failed.add("jane");

        assertThat(range("{\"all\": true, \"segment\": 2, \"segments\": 4}").addTo(new JsonObject(), failed).toJson())
                .isEqualTo("{\"failed_users\":[\"jane\"]}");
        assertThat(range("{\"all\": true}").addTo(new JsonObject(), failed).toJson()).isEqualTo("{}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "here", "ä\n"})
    void aCursorGivesItsPositionBack(String position) {
        var next = range("{\"all\": true}").next(Optional.of(position));

        assertThat(range("{\"all\": true, \"from\": \"%s\"}".formatted(next)).from()).contains(position);
        assertThat(parse("{\"external_id\": \"%s\", \"from\": \"%s\"}".formatted("0".repeat(32), next)))
                .isInstanceOf(UserRange.Parsed.Invalid.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "AAAA", "no base64", "AAAAAAAAAAAAAAAAAAAAAA"})
    void aMadeUpCursorIsRefused(String from) {
        assertThat(parse("{\"all\": true, \"from\": \"%s\"}".formatted(from)))
                .isInstanceOf(UserRange.Parsed.Invalid.class);
    }

    @Test
    void thereIsNoNextAtTheEnd() {
        assertThat(range("{\"all\": true}").next(Optional.empty())).isNull();
    }

    @Test
    void theCursorOfASegmentIsOfThatSegmentOnly() {
        var next = range("{\"all\": true, \"segment\": 2, \"segments\": 4}").next(Optional.of("here"));

        assertThat(range("{\"all\": true, \"segment\": 2, \"segments\": 4, \"from\": \"%s\"}".formatted(next)).from())
                .contains("here");
        assertThat(parse("{\"all\": true, \"segment\": 3, \"segments\": 4, \"from\": \"%s\"}".formatted(next)))
                .isInstanceOf(UserRange.Parsed.Invalid.class);
        assertThat(parse("{\"all\": true, \"segment\": 2, \"segments\": 5, \"from\": \"%s\"}".formatted(next)))
                .isInstanceOf(UserRange.Parsed.Invalid.class);
        assertThat(parse("{\"all\": true, \"from\": \"%s\"}".formatted(next)))
                .isInstanceOf(UserRange.Parsed.Invalid.class);
    }
}
