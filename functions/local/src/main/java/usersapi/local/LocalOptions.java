package usersapi.local;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import usersapi.standin.ServerStartException;

/**
 * The options of the local server.
 *
 * @param port the API's port; 0 for any free one
 * @param data a directory that keeps all data; empty to keep nothing
 * @param awsHost the address of the stand-ins of DynamoDB, Secrets Manager, Stripe and the OpenID provider
 * @param awsPort DynamoDB's port; Secrets Manager, Stripe and the provider have the next three. 0 for any free ones
 */
record LocalOptions(int port, Optional<Path> data, InetAddress awsHost, int awsPort) {

    private static final int MAX_PORT = 65_535;

    /**
     * Reads the properties {@code port}, {@code local.data}, {@code aws.host} and {@code aws.port}; a blank one counts as
     * absent.
     *
     * @throws ServerStartException if one of them is invalid
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

    /** Whether ports, keys and credentials are fixed, so that other programs know them. */
    boolean isFixed() {
        return awsPort != 0;
    }

    /** DynamoDB's address. */
    InetSocketAddress aws() {
        return new InetSocketAddress(awsHost, awsPort);
    }

    /** The address at which the OpenID provider's stand-in answers functions in containers; empty if there are none. */
    Optional<InetSocketAddress> provider() {
        return isFixed() ? Optional.of(new InetSocketAddress(awsHost, awsPort + 3)) : Optional.empty();
    }

    /** The address of Stripe's stand-in. */
    InetSocketAddress stripe() {
        return new InetSocketAddress(awsHost, isFixed() ? awsPort + 2 : 0);
    }
}
