package usersapi.json;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.thirdparty.jackson.core.JsonFactory;
import software.amazon.awssdk.thirdparty.jackson.core.JsonGenerator;
import software.amazon.awssdk.thirdparty.jackson.core.JsonParser;
import software.amazon.awssdk.thirdparty.jackson.core.JsonProcessingException;
import software.amazon.awssdk.thirdparty.jackson.core.JsonToken;
import software.amazon.awssdk.thirdparty.jackson.core.StreamReadConstraints;
import software.amazon.awssdk.thirdparty.jackson.core.exc.StreamConstraintsException;

/**
 * A JSON object (RFC 8259). It is read strictly and keeps the order of its members.
 *
 * <p>A member's value is a {@link String}, {@link Long}, {@link BigInteger}, {@link BigDecimal}, {@link Boolean},
 * {@code JsonObject}, a {@link List} of these, or {@code null} for JSON's null; integers stay exact.
 *
 * <p>It reads and writes with the streaming parser that the AWS SDK has for its own protocols: this adds nothing to the zip,
 * and the first call of DynamoDB loads these classes anyway.
 */
public final class JsonObject {

    private static final int MAX_LEVELS = 32;
    private static final int MAX_DIGITS = 1_000;
    private static final int MAX_KEY_CHARACTERS = 1_000;

    private static final JsonFactory JSON = factory(StreamReadConstraints.builder().maxNestingDepth(MAX_LEVELS)
            .maxNumberLength(MAX_DIGITS).maxNameLength(MAX_KEY_CHARACTERS));

    /**
     * In an event the keys include the names of a client's headers and parameters; Lambda limits the size of the whole
     * event.
     */
    private static final JsonFactory EVENTS = factory(StreamReadConstraints.builder().maxNameLength(Integer.MAX_VALUE));

    private final Map<String, Object> members = new LinkedHashMap<>();

    /** The outcomes of reading untrusted text. */
    public sealed interface Parsed {

        /** The text is one JSON object. */
        record Valid(JsonObject object) implements Parsed {}

        /** The text is not one JSON object; {@code reason} tells the client why, and quotes at most a short key of the text. */
        record Invalid(String reason) implements Parsed {}
    }

    private static JsonFactory factory(StreamReadConstraints.Builder constraints) {
        return JsonFactory.builder().streamReadConstraints(constraints.build())
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES).disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .build();
    }

    /** Reads text from a client; anything but exactly one object without duplicate keys is {@link Parsed.Invalid}. */
    public static Parsed parse(String text) {
        try (var parser = JSON.createParser(text)) {
            return parse(parser);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads an event. Its depth and the length of its keys are not limited here.
     *
     * @throws IOException if the stream fails
     */
    public static Parsed read(InputStream in) throws IOException {
        // From a stream the parser would decode through buffers of its own, 8 KB for each event.
        try (var parser = EVENTS.createParser(new String(in.readAllBytes(), StandardCharsets.UTF_8))) {
            return parse(parser);
        }
    }

    private static Parsed parse(JsonParser parser) throws IOException {
        try {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return new Parsed.Invalid(parser.currentToken() == null ? "empty" : "not a JSON object");
            }
            var object = readObject(parser);
            return parser.nextToken() == null
                    ? new Parsed.Valid(object)
                    : new Parsed.Invalid("text after the JSON object");
        } catch (DuplicateKey e) {
            return new Parsed.Invalid("duplicate key " + Quoted.of(e.key));
        } catch (StreamConstraintsException e) {
            return new Parsed.Invalid(
                    "more than %d levels, a number of more than %d digits, or a key of more than %d characters"
                            .formatted(MAX_LEVELS, MAX_DIGITS, MAX_KEY_CHARACTERS));
        } catch (NumberFormatException e) {
            return new Parsed.Invalid("a number with too large an exponent");
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            return new Parsed.Invalid(
                    "not valid JSON at line %d column %d".formatted(at.getLineNr(), at.getColumnNr()));
        }
    }

    private static JsonObject readObject(JsonParser parser) throws IOException {
        var object = new JsonObject();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            var name = parser.currentName();
            parser.nextToken();
            if (object.members.containsKey(name)) {
                throw new DuplicateKey(name);
            }
            object.members.put(name, readValue(parser));
        }
        return object;
    }

    private static Object readValue(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> readObject(parser);
            case START_ARRAY -> {
                var list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(readValue(parser));
                }
                yield list;
            }
            case VALUE_STRING -> parser.getText();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
            case VALUE_NUMBER_INT -> parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                    ? parser.getBigIntegerValue()
                    : (Object) parser.getLongValue();
            default -> throw new IOException("unexpected token " + parser.currentToken());
        };
    }

    /** Adds a member, or replaces it; {@code value} is one of the types of this class's description, or an Integer. */
    public JsonObject put(String name, Object value) {
        members.put(name, value);
        return this;
    }

    /**
     * The value of a member that is true or false, and false if it is absent; empty if it is anything else. Null is refused,
     * too: it says neither.
     */
    public Optional<Boolean> flag(String name) {
        return !has(name)
                ? Optional.of(false)
                : get(name) instanceof Boolean value ? Optional.of(value) : Optional.empty();
    }

    /** Whether there is such a member, even if it is null. */
    public boolean has(String name) {
        return members.containsKey(name);
    }

    /** Whether there are no members. */
    public boolean isEmpty() {
        return members.isEmpty();
    }

    /** The member's value; {@code null} if it is JSON's null or absent. */
    public Object get(String name) {
        return members.get(name);
    }

    /** The member's value, if it is a string. */
    public Optional<String> string(String name) {
        return members.get(name) instanceof String value ? Optional.of(value) : Optional.empty();
    }

    /** The member's value, if it is an integer of at most 64 bits. */
    public Optional<Long> number(String name) {
        return members.get(name) instanceof Long value ? Optional.of(value) : Optional.empty();
    }

    /** The objects of the member's value; empty if it is not a list of objects. */
    public Optional<List<JsonObject>> objects(String name) {
        return members.get(name) instanceof List<?> list && list.stream().allMatch(JsonObject.class::isInstance)
                ? Optional.of(list.stream().map(JsonObject.class::cast).toList())
                : Optional.empty();
    }

    /** The member's value if it is an object, otherwise an empty object. */
    public JsonObject object(String name) {
        return members.get(name) instanceof JsonObject value ? value : new JsonObject();
    }

    /** The members, in order. */
    public Map<String, Object> members() {
        return Collections.unmodifiableMap(members);
    }

    /** The object as compact JSON text. */
    public String toJson() {
        var text = new StringWriter(512);
        try (var generator = JSON.createGenerator(text)) {
            write(generator, this);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** Writes the object as compact JSON in UTF-8. */
    public void writeTo(OutputStream out) throws IOException {
        try (var generator = JSON.createGenerator(out)) {
            write(generator, this);
        }
    }

    private static void write(JsonGenerator generator, Object value) throws IOException {
        switch (value) {
            case null -> generator.writeNull();
            case String text -> generator.writeString(text);
            case Boolean bool -> generator.writeBoolean(bool);
            case Integer number -> generator.writeNumber(number);
            case Long number -> generator.writeNumber(number);
            case BigInteger number -> generator.writeNumber(number);
            case BigDecimal number -> generator.writeNumber(number);
            case List<?> list -> {
                generator.writeStartArray();
                for (var element : list) {
                    write(generator, element);
                }
                generator.writeEndArray();
            }
            case JsonObject object -> {
                generator.writeStartObject();
                for (var member : object.members.entrySet()) {
                    generator.writeFieldName(member.getKey());
                    write(generator, member.getValue());
                }
                generator.writeEndObject();
            }
            default -> throw new IllegalArgumentException("not a JSON value: " + value.getClass());
        }
    }

    /** The names only: values may be credentials. */
    @Override
    public String toString() {
        return "JsonObject" + members.keySet();
    }

    private static final class DuplicateKey extends IOException {
        private static final long serialVersionUID = 1;
        private final String key;

        DuplicateKey(String key) {
            super("duplicate key");
            this.key = key;
        }
    }
}
