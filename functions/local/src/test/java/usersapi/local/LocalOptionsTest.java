package usersapi.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import usersapi.standin.ServerStartException;

class LocalOptionsTest {

    private static Properties given(String... namesAndValues) {
        var properties = new Properties();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            properties.setProperty(namesAndValues[i], namesAndValues[i + 1]);
        }
        return properties;
    }

    private static InetSocketAddress address(String host, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(host), port);
    }

    @Test
    void servesOnPort3000OfTheLoopbackUnlessToldOtherwise() {
        var options = LocalOptions.of(given("port", "", "aws.port", "", "aws.host", "", "local.data", ""));

        assertThat(options).isEqualTo(LocalOptions.of(given()));
        assertThat(options.port()).isEqualTo(3000);
        assertThat(options.data()).isEmpty();
        assertThat(options.isFixed()).isFalse();
        assertThat(options.aws()).isEqualTo(address("127.0.0.1", 0));
        assertThat(options.stripe()).isEqualTo(address("127.0.0.1", 0));
        assertThat(options.provider()).isEmpty();
    }

    @Test
    void putsStripeAndTheProviderBehindDynamoDb() {
        var options = LocalOptions.of(given("aws.port", "4566", "aws.host", "127.0.0.2", "local.data", "data"));

        assertThat(options.isFixed()).isTrue();
        assertThat(options.aws()).isEqualTo(address("127.0.0.2", 4566));
        assertThat(options.stripe()).isEqualTo(address("127.0.0.2", 4568));
        assertThat(options.provider()).contains(address("127.0.0.2", 4569));
        assertThat(options.data()).contains(Path.of("data").toAbsolutePath());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            port     | 65536      | -Dport=65536: must be a number from 0 to 65535.
            port     | http       | -Dport=http: must be a number from 0 to 65535.
            port     | -1         | -Dport=-1: must be a number from 0 to 65535.
            aws.port | 65533      | -Daws.port=65533: must be a number from 0 to 65532.
            aws.host | my-machine | -Daws.host=my-machine: must be an IP address of this machine, such as 172.17.0.1.
            """)
    void refusesByName(String property, String value, String message) {
        assertThatThrownBy(() -> LocalOptions.of(given(property, value))).isInstanceOf(ServerStartException.class)
                .hasMessage(message);
    }
}
