package usersapi.standin.stripe;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A request's parameters by Stripe's nested names, such as {@code line_items[0][price]}. Each method refuses what Stripe
 * refuses.
 */
final class Parameters {

    private static final int MAX_METADATA_KEY = 40;
    private static final int MAX_METADATA_VALUE = 500;

    private final Map<String, String> values;

    private Parameters(Map<String, String> values) {
        this.values = values;
    }

    /** Refuses every parameter whose name does not match. */
    static Parameters of(Map<String, String> given, Pattern known) throws Refusal {
        for (var name : new TreeMap<>(given).keySet()) {
            if (!known.matcher(name).matches()) {
                throw Refusal.unknown(name);
            }
        }
        return new Parameters(given);
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    boolean hasAny(String prefix) {
        return values.keySet().stream().anyMatch(name -> name.startsWith(prefix));
    }

    Optional<String> optional(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
    }

    String required(String name) throws Refusal {
        return optional(name).orElseThrow(() -> Refusal.missing(name));
    }

    String url(String name) throws Refusal {
        var url = required(name);
        if (!url.matches("https?://[^/]+.*")) {
            throw Refusal.malformed("url_invalid", name, "Not a valid URL");
        }
        return url;
    }

    boolean flag(String name) throws Refusal {
        var value = values.getOrDefault(name, "false");
        if (!value.equals("true") && !value.equals("false")) {
            throw Refusal.malformed("parameter_invalid_boolean", name, "Invalid boolean: " + value);
        }
        return value.equals("true");
    }

    Optional<Long> integer(String name, long min, long max) throws Refusal {
        if (!has(name)) {
            return Optional.empty();
        }
        var value = values.get(name);
        if (!value.matches("[0-9]{1,12}") || Long.parseLong(value) < min || Long.parseLong(value) > max) {
            throw Refusal.malformed("parameter_invalid_integer", name, "Invalid integer: " + value);
        }
        return Optional.of(Long.valueOf(value));
    }

    Optional<String> oneOf(String name, Set<String> words) throws Refusal {
        var value = optional(name);
        if (value.isPresent() && !words.contains(value.get())) {
            throw Refusal.malformed(null, name, "Invalid %s: must be one of %s".formatted(name, words));
        }
        return value;
    }

    /** The parameters {@code prefix[key]}, by key. */
    Map<String, String> metadata(String prefix) throws Refusal {
        var tags = new LinkedHashMap<String, String>();
        for (var parameter : values.entrySet()) {
            var name = parameter.getKey();
            if (name.startsWith(prefix + "[") && name.indexOf('[', prefix.length() + 1) < 0) {
                var key = name.substring(prefix.length() + 1, name.length() - 1);
                if (key.length() > MAX_METADATA_KEY || parameter.getValue().length() > MAX_METADATA_VALUE) {
                    throw Refusal.malformed(null, name, "Metadata keys have up to 40 characters, values up to 500");
                }
                tags.put(key, parameter.getValue());
            }
        }
        return tags;
    }

    /** The values of {@code expand}. */
    Set<String> expand(Set<String> expandable) throws Refusal {
        for (var parameter : values.entrySet()) {
            if (parameter.getKey().startsWith("expand[") && !expandable.contains(parameter.getValue())) {
                throw Refusal.malformed(null, "expand",
                        "This property cannot be expanded (%s).".formatted(parameter.getValue()));
            }
        }
        return Set.copyOf(values.entrySet().stream().filter(parameter -> parameter.getKey().startsWith("expand["))
                .map(Map.Entry::getValue).toList());
    }
}
