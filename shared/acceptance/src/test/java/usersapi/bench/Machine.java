package usersapi.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The machine on which figures were measured, which belongs next to them. */
final class Machine {

    private Machine() {}

    /** Its processor, its load and the JDK, in a line. */
    static String describe(int rounds) {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return String.format(Locale.ROOT, "%d rounds, JDK %s, %d cores, %s, load %.1f", rounds, Runtime.version(),
                    FunctionProcess.CORES, lines.filter(line -> line.startsWith("model name")).findFirst().orElse("")
                            .replaceFirst(".*: ", ""),
                    ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
