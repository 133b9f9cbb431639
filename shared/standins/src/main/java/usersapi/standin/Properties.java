package usersapi.standin;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.LinkedHashSet;

/** Part of a resource, read property by property; {@link #refuseOthers} then refuses the first property that was not read. */
final class Properties {

    private final String where;
    private final Map<?, ?> values;
    private final Set<String> asked = new HashSet<>();

    Properties(String where, Object values) {
        if (!(values instanceof Map<?, ?> map)) {
            throw new UnsupportedTemplateException(where + ": must be a map");
        }
        this.where = where;
        this.values = map;
    }

    Optional<Object> value(String name) {
        asked.add(name);
        return Optional.ofNullable(values.get(name));
    }

    Optional<String> text(String name) {
        return value(name).map(Object::toString);
    }

    String required(String name) {
        return text(name)
                .orElseThrow(() -> new UnsupportedTemplateException("%s.%s: is required".formatted(where, name)));
    }

    int number(String name, int absent) {
        return text(name).map(Integer::valueOf).orElse(absent);
    }

    boolean truth(String name, boolean absent) {
        return text(name).map(Boolean::valueOf).orElse(absent);
    }

    List<?> list(String name) {
        return value(name).<List<?>>map(list -> (List<?>) list).orElse(List.of());
    }

    /** The map under this name; empty if there is none. */
    Properties inside(String name) {
        return new Properties(where + "." + name, value(name).orElse(Map.of()));
    }

    /** The maps of the list under this name. */
    List<Properties> each(String name) {
        return list(name).stream().map(element -> new Properties(where + "." + name, element)).toList();
    }

    /** The names in this map; this does not count as reading them. */
    Set<String> names() {
        var names = new LinkedHashSet<String>();
        values.keySet().forEach(name -> names.add(name.toString()));
        return names;
    }

    /** Refuses the property unless it is absent or has this value, the only supported one. */
    void only(String name, Object value) {
        text(name).filter(given -> !given.equals(value.toString())).ifPresent(given -> {
            throw new UnsupportedTemplateException("%s.%s: only %s works here".formatted(where, name, value));
        });
    }

    /** Ignores properties without an effect here. */
    Properties ignore(String... names) {
        asked.addAll(List.of(names));
        return this;
    }

    void refuseOthers() {
        names().stream().filter(name -> !asked.contains(name)).findFirst().ifPresent(name -> {
            throw new UnsupportedTemplateException("%s.%s: has no counterpart here".formatted(where, name));
        });
    }

    String where() {
        return where;
    }
}
