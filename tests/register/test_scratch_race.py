import threading
import time

from django.db import connection
from django.test import TransactionTestCase

from dcim.models import Device

from netbox_ims.services.reconcile import find_drift
from tests import factories as make

from .checks import *
from .test_triggers import type_id


class Race(RegisterTestMixin, TransactionTestCase):
    def race(self, first, second, order):
        """Two connections; run statements in given order, second may block."""
        out = []
        evs = {}
        conns = {}
        def runner(name, steps):
            c = connection.copy(); c.set_autocommit(False)
            try:
                with c.cursor() as cur:
                    for ev, sql in steps:
                        ev.wait(10)
                        if sql == 'COMMIT': c.commit()
                        else: cur.execute(sql)
            except Exception as e:
                out.append((name, repr(e)))
            finally:
                c.close()
        a = [(threading.Event(), s) for s in first]; b = [(threading.Event(), s) for s in second]
        ts = [threading.Thread(target=runner, args=('a', a)), threading.Thread(target=runner, args=('b', b))]
        for t in ts: t.start()
        ia = iter(a); ib = iter(b)
        for o in order:
            ev, s = next(ia if o == 'a' else ib)
            ev.set(); time.sleep(0.4)
        for t in ts: t.join(15)
        return out

    def test_service_insert_vs_move(self):
        s1, s2 = make.make_site(), make.make_site()
        d = make.make_device(site=s1)
        tmpl = make.make_service(parent=d)
        cols = [f.column for f in tmpl._meta.concrete_fields if f.column not in ('id','name')]
        ins = f"INSERT INTO ipam_service ({','.join(cols)}, name) SELECT {','.join(cols)}, 'racer' FROM ipam_service WHERE id={tmpl.pk}"
        mv = f'UPDATE dcim_device SET site_id={s2.pk} WHERE id={d.pk}'
        for order in ('abab', 'baba', 'abba', 'baab'):
            execute('UPDATE dcim_device SET site_id=%s WHERE id=%s', [s1.pk, d.pk])
            execute("delete from ipam_service where name='racer'")
            out = self.race([mv, 'COMMIT'], [ins, 'COMMIT'], order)
            print('service', order, out, [str(x) for x in find_drift()])
            from netbox_ims.services.reconcile import repair_register; repair_register()

    def test_profile_vs_delete(self):
        for order in ('abab', 'baba', 'abba', 'baab'):
            d = make.make_device()
            dele = f'DELETE FROM dcim_device WHERE id={d.pk}'
            ins = ("INSERT INTO netbox_ims_assetprofile (object_type_id, object_id, custom_field_data, description, comments, data_categories, classification_override, override_justification) "
                   f"VALUES ({type_id(Device)}, {d.pk}, '{{}}','','','',false,'')")
            out = self.race([dele, 'COMMIT'], [ins, 'COMMIT'], order)
            print('profile', order, out, [str(x) for x in find_drift()])
            from netbox_ims.services.reconcile import repair_register; repair_register()

    def test_circuit_vs_termination(self):
        s1, s2 = make.make_site(), make.make_site()
        c = make.make_circuit(site=s1)
        end = c.termination_a
        for order in ('abab', 'baba', 'abba', 'baab'):
            execute('UPDATE circuits_circuit SET termination_a_id=NULL WHERE id=%s', [c.pk])
            execute('UPDATE circuits_circuittermination SET _site_id=%s WHERE id=%s', [s1.pk, end.pk])
            mv = f'UPDATE circuits_circuittermination SET _site_id={s2.pk} WHERE id={end.pk}'
            link = f'UPDATE circuits_circuit SET termination_a_id={end.pk} WHERE id={c.pk}'
            out = self.race([mv, 'COMMIT'], [link, 'COMMIT'], order)
            print('circuit', order, out, [str(x) for x in find_drift()])
            from netbox_ims.services.reconcile import repair_register; repair_register()
