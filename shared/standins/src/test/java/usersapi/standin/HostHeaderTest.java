package usersapi.standin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostHeaderTest {

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.1:3000", "172.17.0.1:4567", "[::1]:3000", "localhost",
            "LOCALHOST:3000",
            "host.docker.internal:4566", "host.containers.internal:4566"})
    void takesAddressesAndTheNamesOfThisMachine(String host) {
        assertThat(HostHeader.namesThisMachine(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "evil.example", "evil.example:3000", "localhost.evil.example", "127.0.0.1.evil.example",
            "1.2.3", "127.0.0.1:3000:evil.example", "evil.example/127.0.0.1", "[::1].evil.example", "localhost."})
    void refusesWhatAWebPageCanBeLoadedFrom(String host) {
        assertThat(HostHeader.namesThisMachine(host)).isFalse();
    }

    @Test
    void takesARequestThatNoBrowserSends() {
        assertThat(HostHeader.namesThisMachine(null)).isTrue();
    }
}
