package usersapi.standin;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;

/** URLs of local servers. */
public final class Endpoints {

    private Endpoints() {}

    /** The URL of a listening address; the loopback address for a server on all addresses. */
    public static URI of(InetSocketAddress listening) {
        var given = listening.getAddress();
        var address = given.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : given;
        var host = address.getHostAddress();
        return URI.create("http://%s:%d".formatted(address instanceof Inet6Address ? "[" + host + "]" : host,
                listening.getPort()));
    }
}
