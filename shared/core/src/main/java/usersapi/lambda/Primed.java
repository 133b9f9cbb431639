package usersapi.lambda;

import java.util.Set;

/** A function's Dagger component, whose modules gather the samples for {@link Priming}. */
public interface Primed {

    /** The samples of all components of its modules. */
    Set<Sample> samples();
}
