package usersapi.function;

import com.amazonaws.services.lambda.runtime.Context;
import dagger.Component;
import jakarta.inject.Singleton;
import usersapi.config.Environment;
import usersapi.json.JsonObject;
import usersapi.lambda.AccountEvent;
import usersapi.lambda.FunctionResult;
import usersapi.lambda.JsonFunction;
import usersapi.lambda.Primed;
import usersapi.lambda.Priming;
import usersapi.user.EmailAddress;
import usersapi.user.UserRegistration;
import usersapi.wiring.CoreModule;

/**
 * Invoked by the login service: {@code {"email"}} in, {@code {"message", "external_id", "created"}} out. It is idempotent by
 * the canonical form of the address.
 */
public final class ProvisionUserHandler extends JsonFunction {

    @Singleton
    @Component(modules = CoreModule.class)
    interface Graph extends Primed {
        UserRegistration users();
    }

    private final UserRegistration users;

    /** Called by Lambda. */
    public ProvisionUserHandler() {
        this(Environment.PROCESS);
    }

    /** Creates the function, configured by this environment. */
    public ProvisionUserHandler(Environment environment) {
        super(environment);
        var graph = DaggerProvisionUserHandler_Graph.builder().coreModule(new CoreModule(environment)).build();
        users = graph.users();
        Priming.beforeSnapshot(environment, ProvisionUserHandler::new, graph);
    }

    @Override
    protected FunctionResult invoke(JsonObject event, Context context) {
        return switch (EmailAddress.parse(event.string("email").orElse(""))) {
            case EmailAddress.Parsed.Invalid(var reason) -> FunctionResult.invalid(reason);
            case EmailAddress.Parsed.Valid(var email) -> provisioned(users.provision(email));
        };
    }

    private static FunctionResult provisioned(UserRegistration.Provisioned user) {
        return FunctionResult.ok(
                new JsonObject().put("message", "ok").put("external_id", user.userId()).put("created", user.created()),
                (user.created() ? AccountEvent.USER_MADE.toLog() : new JsonObject()).put("user_id", user.userId())
                        .put("created", user.created()));
    }
}
