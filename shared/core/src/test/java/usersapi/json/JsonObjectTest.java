package usersapi.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import usersapi.json.JsonObject.Parsed;

class JsonObjectTest {

    private static final String TOO_MUCH = "more than 32 levels, a number of more than 1000 digits, or a key of more than 1000 characters";

    @Test
    void readsEveryTypeOfValueAndKeepsIntegersExact() {
        var object = valid(
                """
                        {"text": "é😀\\u0041", "long": 9223372036854775807, "big": 9223372036854775808, "decimal": 1.10,
                         "yes": true, "no": false, "null": null, "list": [1, "a", {"b": []}], "object": {"inner": 1}, "": 5}""");

        assertThat(object.get("text")).isEqualTo("é😀A");
        assertThat(object.get("long")).isEqualTo(Long.MAX_VALUE);
        assertThat(object.get("big")).isEqualTo(new BigInteger("9223372036854775808"));
        assertThat(object.get("decimal")).isEqualTo(new BigDecimal("1.10"));
        assertThat(object.get("yes")).isEqualTo(true);
        assertThat(object.get("no")).isEqualTo(false);
        assertThat(object.has("null")).isTrue();
        assertThat(object.get("null")).isNull();
        assertThat(object.get("list")).asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST).hasSize(3);
        assertThat(object.object("object").get("inner")).isEqualTo(1L);
        assertThat(object.get("")).isEqualTo(5L);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {"~~|empty", "~  ~|empty", "[]|not a JSON object",
            "null|not a JSON object", "\"{}\"|not a JSON object", "{} {}|text after the JSON object",
            "{} []|text after the JSON object", "{\"a\":1,\"a\":1}|duplicate key \"a\"",
            "{\"o\":{\"a\":1,\"a\":2}}|duplicate key \"a\"", "{\"tz\":|not valid JSON at line 1 column 7",
            "{'tz':1}|not valid JSON at line 1 column 2", "{tz:1}|not valid JSON at line 1 column 2",
            "{\"a\":1,}|not valid JSON at line 1 column 8", "{\"a\":NaN}|not valid JSON at line 1 column 9",
            "{\"a\":01}|not valid JSON at line 1 column 7", "{} x|not valid JSON at line 1 column 4",
            "nonsense|not valid JSON at line 1 column 1"})
    void saysWhyATextIsNotOneObject(String text, String reason) {
        assertThat(JsonObject.parse(text)).isEqualTo(new Parsed.Invalid(reason));
    }

    @ParameterizedTest
    @ValueSource(ints = {33, 1_000, 100_000})
    void refusesDeepNestingWithoutOverflowingTheStack(int depth) {
        assertThat(JsonObject.parse("{\"a\":" + "[".repeat(depth) + "]".repeat(depth) + "}"))
                .isEqualTo(new Parsed.Invalid(TOO_MUCH));
    }

    @Test
    void refusesVeryLongKeys() {
        assertThat(JsonObject.parse("{\"" + "k".repeat(1_001) + "\":1}")).isEqualTo(new Parsed.Invalid(TOO_MUCH));
        assertThat(JsonObject.parse("{\"" + "k".repeat(1_000) + "\":1}")).isInstanceOf(Parsed.Valid.class);
    }

    @Test
    void readsAnEventWhateverKeysAClientHasPutIntoIt() throws IOException {
        var key = "k".repeat(100_000);
        var event = "{\"queryStringParameters\":{\"%s\":\"1\"},\"deep\":%s%s}".formatted(key, "[".repeat(40),
                "]".repeat(40));

        assertThat(((Parsed.Valid) JsonObject.read(stream(event))).object().object("queryStringParameters").has(key))
                .isTrue();
    }

    @Test
    void refusesVeryLongNumbers() {
        assertThat(JsonObject.parse("{\"a\":" + "9".repeat(5_000) + "}"))
                .isEqualTo(new Parsed.Invalid(TOO_MUCH));
    }

    @Test
    void refusesExponentsThatNoDecimalHas() {
        assertThat(JsonObject.parse("{\"a\":1e99999999999}"))
                .isEqualTo(new Parsed.Invalid("a number with too large an exponent"));
    }

    @Test
    void writesWhatItReadsInTheSameOrder() throws IOException {
        var text = """
                {"z":"\\u0001\\"\\\\é😀","a":[1,-2.50,9223372036854775808,true,null,{}],"m":{"x":[]}}""";

        assertThat(valid(text).toJson()).isEqualTo(text);

        var out = new java.io.ByteArrayOutputStream();
        valid(text).writeTo(out);
        assertThat(valid(out.toString(StandardCharsets.UTF_8)).toJson()).isEqualTo(text);
    }

    @Test
    void writesNullsAndRefusesWhatIsNotJson() {
        assertThat(new JsonObject().put("a", null).put("b", 1).put("l", Arrays.asList(null, 2L)).toJson())
                .isEqualTo("{\"a\":null,\"b\":1,\"l\":[null,2]}");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new JsonObject().put("a", List.of(new Object())).toJson());
    }

    @Test
    void readsOnlyObjectsAsEvents() throws IOException {
        assertThat(((Parsed.Valid) JsonObject.read(stream("{\"a\":\"é\"}"))).object().string("a")).contains("é");
        assertThat(JsonObject.read(stream("[]"))).isEqualTo(new Parsed.Invalid("not a JSON object"));
        assertThat(JsonObject.read(stream(""))).isEqualTo(new Parsed.Invalid("empty"));
    }

    @Test
    void absentMembersReadAsEmpty() {
        var object = new JsonObject().put("number", 1);

        assertThat(object.string("number")).isEmpty();
        assertThat(object.string("absent")).isEmpty();
        assertThat(object.object("absent").object("further").isEmpty()).isTrue();
        assertThat(object.isEmpty()).isFalse();
        assertThat(object.has("absent")).isFalse();
    }

    @Test
    void neverShowsValuesByToString() {
        assertThat(new JsonObject().put("access_token", "s3cret")).hasToString("JsonObject[access_token]");
    }

    @ParameterizedTest
    @CsvSource({"Mars/Base,\"Mars/Base\"", "'a\"b\\c','\"a?b?c\"'", "'a\nb',\"a?b\""})
    void quotesAClientsWords(String text, String quoted) {
        assertThat(Quoted.of(text)).isEqualTo(quoted);
    }

    @Test
    void quotesOnlyTheBeginningOfALongTextAndNothingUnprintable() {
        assertThat(Quoted.of("x".repeat(41))).isEqualTo("\"" + "x".repeat(40) + "…\"");
        assertThat(Quoted.of("x".repeat(40))).isEqualTo("\"" + "x".repeat(40) + "\"");
        assertThat(Quoted.of("\uD83D")).isEqualTo("\"?\"");
        assertThat(Quoted.of("\u202E\uFEFF😀")).isEqualTo("\"??😀\"");
    }

    private static JsonObject valid(String text) {
        return ((Parsed.Valid) JsonObject.parse(text)).object();
    }

    private static ByteArrayInputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
