package usersapi.lambda;

import java.util.List;
import java.util.stream.Stream;
import usersapi.json.JsonObject;

/**
 * What one component contributes to {@link Priming}: invented data that its code accepts. Each component has its own, and
 * the module that provides the component gathers it. Nothing of it is loaded without a snapshot.
 */
public sealed interface Sample {

    /**
     * Attributes of a table, as DynamoDB answers with them.
     *
     * @param table the class that declares the attributes
     * @param variants the attributes for each pass; the last ones are for all further passes
     */
    record Item(Class<?> table, List<JsonObject> variants) implements Sample {}

    /** Members of a secret. */
    record Secret(JsonObject members) implements Sample {}

    /**
     * Members of another service's answers.
     *
     * @param variants the members for each pass; the last ones are for all further passes
     */
    record Answer(List<JsonObject> variants) implements Sample {}

    /** A value of an environment variable. */
    record Variable(String name, String value) implements Sample {}

    /** An environment variable with another service's URL, in place of which priming puts its own server. */
    record Service(String variable) implements Sample {}

    /** An item's attributes, in JSON. */
    static Sample item(Class<?> table, String... variants) {
        return new Item(table, Stream.of(variants).map(Sample::parsed).toList());
    }

    /** A secret's members, in JSON. */
    static Sample secret(String members) {
        return new Secret(parsed(members));
    }

    /** An answer's members, in JSON. */
    static Sample answer(String... variants) {
        return new Answer(Stream.of(variants).map(Sample::parsed).toList());
    }

    /** The object of this text, which is part of the code. */
    static JsonObject parsed(String json) {
        return switch (JsonObject.parse(json)) {
            case JsonObject.Parsed.Valid(var object) -> object;
            case JsonObject.Parsed.Invalid(var reason) -> throw new IllegalStateException(reason);
        };
    }
}
