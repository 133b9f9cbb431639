package usersapi.login;

import dagger.Lazy;
import dagger.Module;
import dagger.Provides;
import jakarta.inject.Singleton;
import java.time.Clock;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import usersapi.config.Environment;
import usersapi.secret.CachedSecret;
import usersapi.wiring.CoreModule;

/** The further dependencies of the sign-in's component. */
@Module(includes = CoreModule.class)
interface LoginModule {

    @Provides
    static SignInCookieName signInCookieName(Environment environment) {
        return new SignInCookieName(environment);
    }

    @Provides
    @Singleton
    static ProviderSettings providerSettings(Environment environment) {
        return new ProviderSettings(environment);
    }

    @Provides
    static ProviderHttp providerHttp(ProviderSettings settings) {
        return new ProviderHttp(settings);
    }

    @Provides
    @Singleton
    static Provider provider(ProviderSettings settings, ProviderHttp http, Clock clock) {
        return Provider.ofProcess(settings, http, clock);
    }

    @Provides
    @Singleton
    static CachedSecret<ClientSecret> clientSecret(Lazy<SecretsManagerClient> secrets, ProviderSettings settings,
            Clock clock) {
        return new CachedSecret<>(secrets, settings.secretId(), ClientSecret::parse, clock);
    }
}
