package usersapi.structure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import usersapi.json.JsonObject;
import usersapi.local.LocalGateway;
import usersapi.standin.Template;
import usersapi.testing.Exchange;
import usersapi.testing.LocalTables;

/** Packages have no cyclic dependencies, direct or indirect, by the JDK's jdeps. */
class PackageCyclesTest {

    private static final Pattern DEPENDENCY = Pattern.compile("^\\s+(usersapi[\\w.]*)\\s+-> (usersapi[\\w.]*)",
            Pattern.MULTILINE);

    private static Set<Path> places() throws ReflectiveOperationException {
        var classes = new ArrayList<Class<?>>(
                List.of(JsonObject.class, LocalGateway.class, Template.class, Exchange.class));
        for (var function : Template.read(LocalTables.PARAMETERS, id -> id).functions()) {
            classes.add(Class.forName(function.handler()));
        }
        return classes.stream().map(PackageCyclesTest::place).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Path place(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The dependencies of each package in these places. */
    private static Map<String, Set<String>> dependencies(Set<Path> places) {
        var out = new StringWriter();
        var arguments = Stream.concat(
                Stream.of("-verbose:package", "--ignore-missing-deps", "-e", "usersapi\\..*"),
                places.stream().map(Path::toString)).toArray(String[]::new);
        int code = ToolProvider.findFirst("jdeps").orElseThrow().run(new PrintWriter(out), new PrintWriter(out),
                arguments);
        assertThat(code).as(out.toString()).isZero();
        var dependencies = new TreeMap<String, Set<String>>();
        DEPENDENCY.matcher(out.toString()).results().filter(found -> !found.group(1).equals(found.group(2)))
                .forEach(found -> dependencies.computeIfAbsent(found.group(1), name -> new TreeSet<>())
                        .add(found.group(2)));
        return dependencies;
    }

    /** The packages that remain after repeatedly removing those that depend on none of the rest. */
    private static Map<String, Set<String>> cycles(Map<String, Set<String>> dependencies) {
        var left = new TreeMap<>(dependencies);
        while (true) {
            var free = new HashSet<String>();
            left.forEach((name, needed) -> {
                if (needed.stream().noneMatch(left::containsKey)) {
                    free.add(name);
                }
            });
            if (free.isEmpty()) {
                return left;
            }
            left.keySet().removeAll(free);
        }
    }

    @Test
    void thereAreNone() throws ReflectiveOperationException {
        var dependencies = dependencies(places());

        assertThat(dependencies).containsKeys("usersapi.function", "usersapi.billing", "usersapi.local");
        assertThat(cycles(dependencies)).isEmpty();
    }

    @Test
    void oneWouldBeFound() {
        assertThat(cycles(Map.of("a", Set.of("b", "x"), "b", Set.of("c"), "c", Set.of("a", "d"), "d", Set.of())))
                .containsOnlyKeys("a", "b", "c");
    }
}
