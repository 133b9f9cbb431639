/** What the tests of all modules share: tables of their own, faults of the network, requests over HTTP, what was logged. */
package usersapi.testing;
