package usersapi.standin;

import java.io.IOException;
import java.net.InetSocketAddress;

/** Says in one sentence why the local server cannot start, and what to change. */
public final class ServerStartException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** With a sentence for the person who started the server. */
    public ServerStartException(String message) {
        super(message);
    }

    /** With a sentence for the person who started the server, and what it comes from. */
    public ServerStartException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * A port or an address that the operating system does not give.
     *
     * @param property the system property that names the port
     */
    public static ServerStartException listening(InetSocketAddress address, String property, IOException failure) {
        var reason = (failure.getCause() == null ? failure : failure.getCause()).getMessage();
        return new ServerStartException(String.valueOf(reason).contains("in use")
                ? "Port %d is already in use; choose another with -D%s=N.".formatted(address.getPort(), property)
                : "The server cannot listen on %s port %d (%s).".formatted(address.getAddress().getHostAddress(),
                        address.getPort(), reason),
                failure);
    }
}
