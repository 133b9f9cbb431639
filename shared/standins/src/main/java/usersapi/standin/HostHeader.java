package usersapi.standin;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Decides by a request's {@code Host} whether it is for this machine. A web page can make its own name resolve to this
 * machine (DNS rebinding); for the browser page and server are then one origin. But such a request has the page's name, and
 * never an IP address or a name of this machine.
 */
public final class HostHeader {

    /** The loopback's name, and the names of the host in containers of Docker and Podman. */
    private static final Set<String> NAMES = Set.of("localhost", "host.docker.internal", "host.containers.internal");

    private static final Pattern PORT = Pattern.compile(":\\d*$");
    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-fA-F:.]+]");

    private HostHeader() {}

    /**
     * Whether the header's value names this machine. So does null, for a request without the header, which every browser
     * sends.
     */
    public static boolean namesThisMachine(String value) {
        if (value == null) {
            return true;
        }
        var host = PORT.matcher(value).replaceFirst("").toLowerCase(Locale.ROOT);
        return NAMES.contains(host) || ADDRESS.matcher(host).matches();
    }
}
