package usersapi.standin;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Decides by a request's {@code Host} whether the request was meant for a server of this machine. Any web page can let its own
 * name resolve to this machine (DNS rebinding); the browser then takes page and server for one origin. Such a request carries
 * the page's name. No page can have an address, or a name that means this machine only.
 */
public final class HostHeader {

    /** The loopback's name, and those by which Docker's and Podman's containers know the machine they run on. */
    private static final Set<String> NAMES = Set.of("localhost", "host.docker.internal", "host.containers.internal");

    private static final Pattern PORT = Pattern.compile(":\\d*$");
    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-fA-F:.]+]");

    private HostHeader() {}

    /** Whether the header's value names this machine. Null, for a request without the header, does: every browser sends it. */
    public static boolean namesThisMachine(String value) {
        if (value == null) {
            return true;
        }
        var host = PORT.matcher(value).replaceFirst("").toLowerCase(Locale.ROOT);
        return NAMES.contains(host) || ADDRESS.matcher(host).matches();
    }
}
