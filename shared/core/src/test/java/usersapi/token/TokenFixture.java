package usersapi.token;

import java.security.SecureRandom;
import java.time.Clock;
import usersapi.CoreFixture;
import usersapi.config.Environment;

/** This package's parts for the tests of others. */
public final class TokenFixture {

    private TokenFixture() {}

    /** A cipher with the key ring of the environment. */
    public static TokenCipher cipher() {
        return new TokenCipher(keyRing(Clock.systemUTC()), new SecureRandom());
    }

    static KeyRing keyRing(Clock clock) {
        return new KeyRing(CoreFixture::secretsManager, new TokenKeySecret(Environment.PROCESS), clock);
    }

    /** The repository as the functions have it. */
    public static AccessTokenRepository repository() {
        return new AccessTokenRepository(CoreFixture.dynamoDb(), CoreFixture.credentials());
    }

    /** The functions' own class, with their own randomness. */
    public static AccessTokenReplacement replacement() {
        return replacement(new SecureRandom());
    }

    static AccessTokenReplacement replacement(SecureRandom random) {
        return new AccessTokenReplacement(CoreFixture.dynamoDb(), CoreFixture.users(), CoreFixture.credentials(),
                cipher(), random, Clock.systemUTC());
    }
}
