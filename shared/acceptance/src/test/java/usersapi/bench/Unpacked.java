package usersapi.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import software.amazon.awssdk.core.util.VersionInfo;
import usersapi.bench.reference.OpenIdByHand;
import usersapi.bench.reference.SecretByHand;
import usersapi.bench.reference.StripeByHand;
import usersapi.standin.Template;

/**
 * A function's code as in Lambda's task directory: jars under {@code lib/}, classes next to it.
 *
 * @param bytes the size of its zip, or of its jars, which a zip makes no smaller
 */
record Unpacked(String name, Path root, long bytes) {

    private static final String SDK_JARS = "[a-z-]+(?=-%s)".formatted(VersionInfo.SDK_VERSION);
    private static final String NATIVE = "libaws-lambda-jni.linux-%s.so"
            .formatted(System.getProperty("os.arch").equals("aarch64") ? "aarch_64" : "x86_64");

    /** Unpacks a function's zip. */
    static Unpacked of(Path zip) {
        var root = directory();
        try (var file = new ZipFile(zip.toFile())) {
            for (var entry : file.stream().filter(entry -> !entry.isDirectory()).toList()) {
                var target = root.resolve(entry.getName());
                Files.createDirectories(target.getParent());
                try (var in = file.getInputStream(entry)) {
                    Files.copy(in, target);
                }
            }
            return new Unpacked(zip.getFileName().toString(), root, Files.size(zip));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A function by hand, with the SDK's jars for DynamoDB. */
    static Unpacked byHand(Class<?> handler) {
        return byHand(List.of(handler), "(?!dynamodb-enhanced|secretsmanager)" + SDK_JARS);
    }

    /** A function by hand, with the jars that these calls need. */
    static Unpacked byHand(Class<?> handler, CallsByHand calls) {
        var classes = new ArrayList<Class<?>>(List.of(handler));
        var jars = new ArrayList<String>();
        if (calls.fetchSecret()) {
            classes.add(SecretByHand.class);
            jars.add("secretsmanager");
        }
        if (calls.askStripe()) {
            classes.add(StripeByHand.class);
            jars.addAll(List.of("stripe-java", "gson"));
        }
        if (calls.askProvider()) {
            classes.add(OpenIdByHand.class);
        }
        jars.add("(?!dynamodb-enhanced|secretsmanager)" + SDK_JARS);
        return byHand(classes, jars.toArray(String[]::new));
    }

    /** Classes with Lambda's event classes and the jars with these names, which are regular expressions. */
    private static Unpacked byHand(List<Class<?>> classes, String... names) {
        var root = directory();
        try {
            for (var copied : classes) {
                var file = copied.getName().replace('.', '/') + ".class";
                Files.createDirectories(root.resolve(file).getParent());
                try (var in = copied.getResourceAsStream("/" + file)) {
                    Files.copy(in, root.resolve(file));
                }
            }
            long bytes = 0;
            for (var jar : Stream.concat(ownJars(names), ownJars("aws-lambda-java-core", "aws-lambda-java-events",
                    "joda-time", "slf4j-api", "slf4j-nop", "reactive-streams")).toList()) {
                Files.copy(jar, root.resolve("lib").resolve(jar.getFileName()));
                bytes += Files.size(jar);
            }
            return new Unpacked(classes.getFirst().getSimpleName(), root, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path directory() {
        try {
            var root = Files.createTempDirectory("task");
            Files.createDirectories(root.resolve("lib"));
            return root;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The class path of Lambda's own runtime. */
    static String runtime() {
        return ownJars("aws-lambda-java-runtime-interface-client", "aws-lambda-java-core",
                "aws-lambda-java-serialization", "utils-lite").map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** The runtime's native library. */
    static Path nativeClient() {
        var copy = Path.of(System.getProperty("java.io.tmpdir"), NATIVE);
        try (var in = Unpacked.class.getResourceAsStream("/jni/" + NATIVE)) {
            if (!Files.exists(copy)) {
                Files.copy(in, copy);
            }
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> ownJars(String... names) {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator)).map(Path::of)
                .filter(jar -> Arrays.stream(names)
                        .anyMatch(name -> jar.getFileName().toString().matches(name + "-[0-9.]+\\.jar")));
    }

    private Path lib() {
        return root.resolve("lib");
    }

    /** The jars, as a class path. */
    String classPath() {
        try (var jars = Files.list(lib())) {
            return jars.map(Path::toString).sorted().collect(Collectors.joining(File.pathSeparator));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file of a function's AOT cache. */
    Path aotCache(Template.Function function) {
        return root.resolve(function.id() + ".aot");
    }

    /** The output of the last process. */
    Path log() {
        return root.resolveSibling(root.getFileName() + ".log");
    }
}
