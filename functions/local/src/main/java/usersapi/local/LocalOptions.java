package usersapi.local;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import usersapi.standin.ServerStartException;

/**
 * How the local server is started.
 *
 * @param port where the API is; 0 for any that is free
 * @param data a directory that keeps everything; none: what the server holds is gone when it stops
 * @param awsHost where the stand-ins of DynamoDB, Secrets Manager, Stripe and the OpenID provider listen
 * @param awsPort DynamoDB's port, Secrets Manager's is the next, then Stripe's, then the provider's; 0 for any that are free
 */
record LocalOptions(int port, Optional<Path> data, InetAddress awsHost, int awsPort) {

    private static final int MAX_PORT = 65_535;

    /**
     * Reads the properties {@code port}, {@code local.data}, {@code aws.host} and {@code aws.port}; a blank one counts
     * as absent.
     *
     * @throws ServerStartException if one of them is not what it should be
     */
    static LocalOptions of(Properties properties) {
        return new LocalOptions(port(properties, "port", MAX_PORT).orElse(3000),
                given(properties, "local.data").map(directory -> Path.of(directory).toAbsolutePath()),
                given(properties, "aws.host").map(LocalOptions::address).orElse(InetAddress.getLoopbackAddress()),
                port(properties, "aws.port", MAX_PORT - 3).orElse(0));
    }

    private static Optional<String> given(Properties properties, String name) {
        return Optional.ofNullable(properties.getProperty(name)).filter(value -> !value.isBlank());
    }

    private static Optional<Integer> port(Properties properties, String name, int max) {
        return given(properties, name).map(value -> {
            if (!value.matches("[0-9]{1,5}") || Integer.parseInt(value) > max) {
                throw new ServerStartException("-D%s=%s: must be a number from 0 to %d.".formatted(name, value, max));
            }
            return Integer.valueOf(value);
        });
    }

    private static InetAddress address(String value) {
        try {
            return InetAddress.ofLiteral(value);
        } catch (IllegalArgumentException e) {
            throw new ServerStartException(
                    "-Daws.host=%s: must be an IP address of this machine, such as 172.17.0.1.".formatted(value), e);
        }
    }

    /** Whether other programs are to find the stand-ins and the demo user: all they need is known beforehand then. */
    boolean isFixed() {
        return awsPort != 0;
    }

    /** Where DynamoDB listens. */
    InetSocketAddress aws() {
        return new InetSocketAddress(awsHost, awsPort);
    }

    /** Where the stand-in of the OpenID provider answers functions in containers; empty if there are none. */
    Optional<InetSocketAddress> provider() {
        return isFixed() ? Optional.of(new InetSocketAddress(awsHost, awsPort + 3)) : Optional.empty();
    }

    /** Where Stripe's stand-in listens. */
    InetSocketAddress stripe() {
        return new InetSocketAddress(awsHost, isFixed() ? awsPort + 2 : 0);
    }
}
