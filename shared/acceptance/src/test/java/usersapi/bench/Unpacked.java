package usersapi.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import software.amazon.awssdk.core.util.VersionInfo;
import usersapi.standin.Template;

/**
 * A function's code as in Lambda's task directory: jars under {@code lib/}, classes next to it.
 *
 * @param bytes the size of its zip, or of its jars, which a zip makes no smaller
 */
record Unpacked(String name, Path root, long bytes) {

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

    /** A function that uses DynamoDB by hand, with the SDK's jars. */
    static Unpacked byHand(Class<?> handler) {
        return reference(handler, "aws-lambda-java-core", "slf4j-api", "slf4j-nop", "reactive-streams",
                "(?!dynamodb-enhanced|secretsmanager)[a-z-]+(?=-%s)".formatted(VersionInfo.SDK_VERSION));
    }

    /** A reference's class with Lambda's event classes and the jars with these names, which are regular expressions. */
    static Unpacked reference(Class<?> handler, String... names) {
        var root = directory();
        var file = handler.getName().replace('.', '/') + ".class";
        try (var in = handler.getResourceAsStream("/" + file)) {
            Files.createDirectories(root.resolve(file).getParent());
            Files.copy(in, root.resolve(file));
            long bytes = 0;
            for (var jar : Stream.concat(ownJars(names), ownJars("aws-lambda-java-events", "joda-time")).toList()) {
                Files.copy(jar, root.resolve("lib").resolve(jar.getFileName()));
                bytes += Files.size(jar);
            }
            return new Unpacked(handler.getSimpleName(), root, bytes);
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
