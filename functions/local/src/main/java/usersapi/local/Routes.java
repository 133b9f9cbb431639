package usersapi.local;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import usersapi.standin.Template;
import usersapi.standin.UnsupportedTemplateException;

/**
 * The template's routes, matched as by a REST API: {@code /x} and {@code /x/} are one resource, and paths are
 * case-sensitive.
 */
final class Routes {

    private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)}");

    /** A method's function, and whether it is called without asking the authorizer. */
    record Target(String function, boolean open) {}

    /** A path of the template. */
    record Resource(String path, Map<String, Target> methods) {

        /** The function that is called for a method; empty if the resource has no such method. */
        Optional<Target> target(String method) {
            return Optional.ofNullable(methods.getOrDefault(method, methods.get("ANY")));
        }

        private Optional<Map<String, String>> match(List<String> segments) {
            var own = segments(path);
            if (own.size() != segments.size()) {
                return Optional.empty();
            }
            var parameters = new LinkedHashMap<String, String>();
            for (int i = 0; i < own.size(); i++) {
                var parameter = PARAMETER.matcher(own.get(i));
                if (parameter.matches()) {
                    parameters.put(parameter.group(1), segments.get(i));
                } else if (!own.get(i).equals(segments.get(i))) {
                    return Optional.empty();
                }
            }
            return Optional.of(parameters);
        }
    }

    /** The resource of a path, and the values of its parameters. */
    record Match(Resource resource, Map<String, String> parameters) {}

    private final List<Resource> resources;

    Routes(Collection<Template.Function> functions) {
        var methods = new HashMap<String, Map<String, Target>>();
        for (var function : functions) {
            for (var route : function.routes()) {
                if (segments(route.path()).stream().anyMatch(segment -> segment.endsWith("+}"))) {
                    throw new UnsupportedTemplateException(
                            "%s: the path %s has no counterpart here".formatted(function.id(), route.path()));
                }
                var other = methods.computeIfAbsent(route.path(), path -> new HashMap<>()).put(route.method(),
                        new Target(function.id(), route.open()));
                if (other != null) {
                    throw new UnsupportedTemplateException("%s: %s %s is the route of %s".formatted(function.id(),
                            route.method(), route.path(), other.function()));
                }
            }
        }
        // A literal segment precedes a parameter; '{' sorts after the first characters of literals.
        resources = methods.entrySet().stream().map(entry -> new Resource(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparing(Resource::path)).toList();
    }

    /** The resource at a path as sent. */
    Optional<Match> find(String path) {
        var segments = segments(path);
        return resources.stream().flatMap(resource -> resource.match(segments)
                .map(parameters -> new Match(resource, parameters)).stream()).findFirst();
    }

    private static List<String> segments(String path) {
        return Arrays.stream(path.split("/")).filter(segment -> !segment.isEmpty()).toList();
    }
}
